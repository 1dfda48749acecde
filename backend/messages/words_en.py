"""The standard words of every message in English: subject (for channels that have one) and text."""

from backend.messages.models import MessageEvent as E

ENGLISH: dict[E, tuple[str, str]] = {
    E.INVITED: (
        "Choose a time for our visit",
        "{{ org }}: please choose a time for your {{ product }} ({{ service }}): {{ link }}",
    ),
    E.INVITED_AGAIN: (
        "Your visit still needs a time",
        "{{ org }}: your {{ product }} ({{ service }}) still needs a time. Choose one: {{ link }}",
    ),
    E.BOOKED: (
        "Your visit is booked",
        "{{ org }}: {{ product }} ({{ service }}) is booked for {{ window }}. Details: {{ link }}",
    ),
    E.CHANGED: (
        "Your visit has a new time",
        "{{ org }}: {{ product }} ({{ service }}) is now on {{ window }}. Follow or change it: {{ link }}",
    ),
    E.REMINDER: (
        "Your visit is tomorrow",
        "{{ org }}: a reminder of your visit on {{ window }} ({{ product }}, {{ service }}): {{ link }}",
    ),
    E.ON_THE_WAY: (
        "Your technician is on the way",
        "{{ org }}: {{ technician }} is on the way to you. Where they are: {{ link }}",
    ),
    E.DELAYED: (
        "Your technician will be late",
        "{{ org }}: sorry, {{ technician }} will probably be late, expected {{ range }}. Details: {{ link }}",
    ),
    E.ON_TIME: (
        "Your technician will be on time",
        "{{ org }}: good news, {{ technician }} will be on time after all, {{ range }}. Details: {{ link }}",
    ),
    E.NO_SHOW: (
        "Sorry, we did not come",
        "{{ org }}: we are very sorry that we did not come. Choose a new time, you go first: {{ link }}",
    ),
    E.ABSENT: (
        "We missed you",
        "{{ org }}: our technician was at your door and could not reach you. Choose a new time: {{ link }}",
    ),
    E.DONE: (
        "The work is done",
        "{{ org }}: {{ product }} ({{ service }}) is done and signed. Your copy: {{ link }}/copy",
    ),
    E.RATE: (
        "How was our visit?",
        "{{ org }}: were you happy with our visit? Tell us: {{ link }}/rate Stop: {{ link }}/messages",
    ),
    E.CANCELLED: (
        "Your visit is cancelled",
        "{{ org }}: {{ product }} ({{ service }}) is cancelled. Contact us to book again.",
    ),
    E.COMPLAINT: (
        "We have your complaint",
        "{{ org }}: we are sorry you were not happy. We have your complaint and will call you by {{ due }}.",
    ),
    E.ALERT: ("{{ what }}", "{{ what }}: {{ number }} {{ product }} ({{ service }}). {{ detail }}"),
}
WHAT = {
    "complaint": "New complaint",
    "complaint_due": "Complaint about to be late",
    "declined": "A technician declined",
    "no_show": "A technician did not come",
    "rejected": "The customer wants the work done again",
    "undelivered": "A customer could not be reached",
    "test": "A test",
}
