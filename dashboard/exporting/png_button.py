"""A button that saves a chart as the browser shows it as PNG, under its headline.

The browser draws charts on a canvas that no code on the server sees, so the button is a small component.
"""

from __future__ import annotations

import streamlit as st

from dashboard.palette import Palette

HTML = """
<button type="button"><svg aria-hidden="true" viewBox="0 -960 960 960" width="18" height="18">
<path fill="currentColor" d="M480-320 280-520l56-58 104 104v-326h80v326l104-104 56 58-200 200ZM240-160q-33
 0-56.500-23.500T160-240v-120h80v120h480v-120h80v120q0 33-23.500 56.500T720-160H240Z"/></svg>PNG</button>
"""
CSS = """
button {
  font: 0.875rem var(--st-font); color: var(--st-text-color); background: none; border: none; padding: 0;
  min-height: 2.5rem; cursor: pointer; border-radius: 4px; display: flex; align-items: center; gap: 0.5rem;
}
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""
JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.title = data.help;
  button.onclick = () => {
    const chart = document.querySelector(`.st-key-${data.chart.replace(/[^a-zA-Z0-9_-]/g, "-")} canvas`);
    if (!chart) return;
    const zoom = chart.width / chart.clientWidth;
    const size = 16 * zoom, line = 22 * zoom, edge = 14 * zoom;
    const picture = document.createElement("canvas");
    const pen = picture.getContext("2d");
    const font = `600 ${size}px ${getComputedStyle(button).fontFamily}`;
    pen.font = font;
    const lines = [""];
    for (const word of data.title.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (lines.at(-1) && pen.measureText(longer).width > chart.width - 2 * edge) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    const top = edge + line * lines.length;
    picture.width = chart.width;
    picture.height = top + chart.height + edge + line;
    pen.fillStyle = data.background;
    pen.fillRect(0, 0, picture.width, picture.height);
    pen.fillStyle = data.text;
    pen.font = font;
    lines.forEach((each, place) => pen.fillText(each, edge, edge + line * (place + 0.7)));
    pen.drawImage(chart, 0, top);
    pen.fillStyle = data.muted;
    pen.font = `${12 * zoom}px ${getComputedStyle(button).fontFamily}`;
    pen.fillText(data.below, edge, top + chart.height + line * 0.7, chart.width - 2 * edge);
    picture.toBlob((png) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(png);
      link.download = data.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  };
}
"""
_button = st.components.v2.component("stepsight.png", html=HTML, css=CSS, js=JS)


def offer(chart: str, *, title: str, below: str, file: str, help: str, palette: Palette) -> None:  # noqa: A002
    """The button for the chart of that key."""
    _button(
        key=f"{chart}.png",
        data={
            "chart": chart,
            "title": title,
            "below": below,
            "file": file,
            "help": help,
            "background": palette.background,
            "text": palette.text,
            "muted": palette.muted,
        },
        width="content",
    )
