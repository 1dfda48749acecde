"""The packaged fault trees fit the packaged catalogue."""

from backend.demo.catalogue import catalogue
from backend.evidence.faults import tree_for

CATEGORIES = sorted({product["category"] for product in catalogue()["products"]})


def test_every_category_has_a_tree_with_unique_codes_and_known_parts() -> None:
    skus = {part["sku"] for part in catalogue()["parts"]}
    codes: list[str] = []
    for category in CATEGORIES:
        tree = tree_for(category, "repair")
        assert tree is not None, category
        for symptom in tree["symptoms"]:
            assert symptom["title"]["zh"]
            assert symptom["title"]["en"]
            for cause in symptom["causes"]:
                codes.append(cause["code"])
                assert cause["check"]["zh"]
                assert cause["check"]["en"]
                assert set(cause["parts"]) <= skus
    assert len(codes) == len(set(codes))


def test_an_installation_is_not_diagnosed() -> None:
    assert tree_for("air_conditioner", "install") is None
    assert tree_for("unheard_of", "repair") is None
