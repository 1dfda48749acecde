"""Published benchmark families: readers, independent evaluators, peers and the command that compares
engines.
"""
