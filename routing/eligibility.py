"""Who may serve what: every rule about people folded into one matrix before any search."""

from collections.abc import Callable, Hashable
from functools import partial

import numpy as np
import numpy.typing as npt

from routing.problem import Problem, Technician, Visit

Mask = npt.NDArray[np.bool_]
Test = Callable[[Technician], bool]

UNABLE, PREFERRED, NOT_PREFERRED = 0, 1, 2


class Eligibility:
    """Masks over the problem's frames (technician and shift), made once per distinct requirement.

    Tools and parts are left out: a depot can supply them on the way.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.technicians = [problem.technicians[t] for t, _ in problem.frames]
        self._masks: dict[Hashable, Mask] = {}

    def row(self, visit: Visit) -> npt.NDArray[np.uint8]:
        """For each frame UNABLE, PREFERRED (or no preference) or NOT_PREFERRED; shape (frames,)."""
        able = self.skilled(visit) & self.certified(visit) & self.permitted(visit)
        row = able.astype(np.uint8)
        if visit.preferred:
            row[able & ~self._among(visit.preferred)] = NOT_PREFERRED
        return row

    def skilled(self, visit: Visit) -> Mask:
        """Has every skill level the visit needs."""
        mask = self._everybody()
        for skill, level in visit.skills.items():
            mask &= self._mask(("skill", skill, level), partial(_has_level, skill, level))
        return mask

    def holds_certificates(self, visit: Visit) -> Mask:
        """Holds every certificate, expired or not."""
        mask = self._everybody()
        for name in visit.certificates:
            mask &= self._mask(("certificate", name), partial(_holds, name))
        return mask

    def certified(self, visit: Visit) -> Mask:
        """Holds every certificate until the end of the shift."""
        mask = self._everybody()
        for name in visit.certificates:
            mask &= self._valid(name)
        return mask

    def permitted(self, visit: Visit) -> Mask:
        """Tags, zone, tariff, allowed, excluded, lock and frozen plan let them."""
        mask = self._everybody()
        if visit.tags:
            mask &= self._mask(("tags", visit.tags), lambda t: visit.tags <= t.tags)
        if visit.zone is not None:
            mask &= self._mask(("zone", visit.zone), lambda t: not t.zones or visit.zone in t.zones)
        if self.problem.vendors:
            mask &= self._mask(("tariff", visit.job_type), lambda t: self._has_tariff(t, visit.job_type))
        if visit.allowed:
            mask &= self._among(visit.allowed)
        if visit.excluded:
            mask &= ~self._among(visit.excluded)
        if visit.lock is not None and visit.lock.technicians:
            mask &= self._among(visit.lock.technicians)
        if visit.planned is not None and visit.planned.start_s < self.problem.freeze_until_s:
            mask &= self._among(visit.planned.technicians)
        return mask

    def _everybody(self) -> Mask:
        return np.ones(len(self.technicians), dtype=np.bool_)

    def _among(self, ids: frozenset[str]) -> Mask:
        return self._mask(("among", ids), lambda t: t.id in ids)

    def _has_tariff(self, technician: Technician, job_type: str) -> bool:
        if technician.vendor is None:
            return True
        return job_type in self.problem.vendor_by_id[technician.vendor].tariff_cents

    def _valid(self, certificate: str) -> Mask:
        key = ("valid", certificate)
        if key not in self._masks:
            ends = [self.problem.technicians[t].shifts[s].end_s for t, s in self.problem.frames]
            self._masks[key] = np.array(
                [
                    certificate in t.certificates
                    and ((expiry := t.certificates[certificate]) is None or expiry >= end)
                    for t, end in zip(self.technicians, ends, strict=True)
                ],
                dtype=np.bool_,
            )
        return self._masks[key]

    def _mask(self, key: Hashable, test: Test) -> Mask:
        if key not in self._masks:
            verdicts = {id(t): test(t) for t in self.problem.technicians}
            self._masks[key] = np.array([verdicts[id(t)] for t in self.technicians], dtype=np.bool_)
        return self._masks[key]


def _has_level(skill: str, level: int, technician: Technician) -> bool:
    return technician.skills.get(skill, 0) >= level


def _holds(certificate: str, technician: Technician) -> bool:
    return certificate in technician.certificates
