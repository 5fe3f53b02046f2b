"""The quiet traffic of one day: what an organisation does when nothing is wrong."""

from datetime import timedelta

import cast
import machines
import people
from cast import DATA, PRODUCTION


def day(trail, date):
    """One UTC day, beginning at midnight `date`: nightly build, batch, and people on working days."""
    machines.nightly_build(trail, date + timedelta(hours=2, minutes=10))
    machines.instance(trail, date + timedelta(hours=2, minutes=11))
    machines.function(trail, date + timedelta(hours=2, minutes=12))
    machines.recorder(trail, date + timedelta(hours=2, minutes=13))
    machines.pod(trail, date + timedelta(hours=2, minutes=14))
    machines.batch(trail, date + timedelta(hours=21, minutes=6))
    if date.weekday() < 5:
        morning = date + timedelta(hours=9)
        people.person(
            trail, morning, "lena.vogt", cast.permission_set(PRODUCTION, "ReadOnlyAccess", "1f3a5c7e9b2d4f60")
        )
        people.person(
            trail,
            morning + timedelta(minutes=1),
            "tomas.silva",
            cast.permission_set(DATA, "DataEngineer", "2e4a6c8d0f1b3d57"),
        )
        people.developer(trail, morning + timedelta(minutes=2))
        people.support(trail, morning + timedelta(minutes=3))
        people.vendor(trail, morning + timedelta(minutes=4))
        machines.task(trail, morning + timedelta(minutes=5))
        people.phone(trail, morning + timedelta(minutes=6))
    if date.weekday() == 0:
        people.administrator(trail, date + timedelta(hours=9, minutes=7))
    if date.weekday() == 3:
        people.console(trail, date + timedelta(hours=9))
