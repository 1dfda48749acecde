"""What a stolen table of passwords costs whoever guesses; other tests use lighter hashes."""

from argon2 import Type, extract_parameters

from backend.auth.passwords import hash_password, verify_password


def test_a_hash_is_dear_to_guess_and_fits_its_own_password_alone() -> None:
    made = hash_password("一号 password")
    cost = extract_parameters(made)
    assert cost.type is Type.ID
    assert (cost.memory_cost >= 19 * 1024, cost.time_cost >= 2) == (True, True)  # KiB; OWASP's least
    assert verify_password("一号 password", made)
    assert not verify_password("一号 passwore", made)
    assert not verify_password("一号 password", None)
