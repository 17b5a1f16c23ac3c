"""What is installed: our packages, and their data as `stepsight_data`. The rest is in `pyproject.toml`.

Only here can a folder have another name once it is installed: `data` would be anybody's.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["etl*", "metrics*", "dashboard*", "commands*"]), "stepsight_data"],
    package_dir={"stepsight_data": "data"},
)
