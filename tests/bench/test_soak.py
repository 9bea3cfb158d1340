"""The chart and the summary of a soak."""

import re
from pathlib import Path

from bench.memory_chart import chart
from bench.soak import MemorySample, load_samples, summary


def test_memory_is_drawn_over_time() -> None:
    image = chart([(0.0, 0.0), (30.0, 40.0), (60.0, 79.0)])

    assert re.findall(r"stroke-width=\"1.5\" d=\"M([^\"]*)", image) == [
        "40.0,200.0 320.0,120.0 600.0,42.0"
    ]
    assert all(f">{label}</text>" in image for label in (0, 20, 40, 60, 80))


def test_memory_after_ten_minutes_is_compared_with_that_of_the_end(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    lines = [
        f'{{"seconds":{at},"megabytes":{at / 100},"descriptors":9,"requests":{at}}}\n'
        for at in range(0, 3601, 600)
    ]
    file.write_text("".join(lines))

    assert load_samples(file)[1] == MemorySample(600, 6.0, 9, 600)
    assert summary(load_samples(file)) == (
        "3,600 requests: 6.0 MB from minute 10 to 20, 36.0 MB in the last ten; "
        "at most 9 descriptors"
    )
