"""Buttons that save a chart as the browser shows it, under its headline: PNG to paste, SVG to enlarge.

Figures are drawn in the browser and nowhere else, so the buttons are a small component: it copies the drawn
vectors into one picture with headline, scope and freshness, and the server needs no browser of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.kit.charts.palette import Palette

_ICON = """<svg aria-hidden="true" viewBox="0 -960 960 960" width="18" height="18"><path fill="currentColor"
d="M480-320 280-520l56-58 104 104v-326h80v326l104-104 56 58-200 200ZM240-160
q-33 0-56.500-23.500T160-240v-120h80v120h480v-120h80v120q0 33-23.500 56.500T720-160H240Z"/></svg>"""
_HTML = f"""
<button type="button" name="png">{_ICON}PNG</button><button type="button" name="svg">{_ICON}SVG</button>
"""
_CSS = """
button {
  font: 0.875rem var(--st-font); color: var(--st-text-color); background: none; border: none; padding: 0;
  min-height: 2.5rem; margin-right: 1rem; cursor: pointer; border-radius: 4px;
  display: inline-flex; align-items: center; gap: 0.5rem;
}
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""
_JS = """
const SVG = "http://www.w3.org/2000/svg", EDGE = 16, LINE = 22, SMALL = 17, SHARPNESS = 2;

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function wrapped(text, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && pen.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function picture(plot, data, family) {
  const width = plot.clientWidth, height = plot.clientHeight;
  const above = wrapped(data.title, `600 17px ${family}`, width - 2 * EDGE);
  const below = data.below.flatMap((text) => wrapped(text, `12.5px ${family}`, width - 2 * EDGE));
  const top = EDGE + LINE * above.length, foot = top + height + EDGE;
  const whole = foot + SMALL * below.length + EDGE;
  const drawn = element("svg", {
    xmlns: SVG, width, height: whole, viewBox: `0 0 ${width} ${whole}`,
    role: "img", "aria-label": data.alt, "font-family": family,
  });
  drawn.append(element("rect", { width, height: whole, fill: data.background }));
  above.forEach((line, at) => drawn.append(element("text", {
    x: EDGE, y: EDGE + LINE * (at + 0.7), "font-size": 17, "font-weight": 600, fill: data.text,
  }, line)));
  for (const layer of plot.querySelectorAll("svg.main-svg")) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(".hoverlayer, .draglayer").forEach((each) => each.remove());
    copy.removeAttribute("class");
    copy.setAttribute("y", top);
    drawn.append(copy);
  }
  below.forEach((line, at) => drawn.append(element("text", {
    x: EDGE, y: foot + SMALL * (at + 0.7), "font-size": 12.5, fill: data.muted,
  }, line)));
  const text = new XMLSerializer().serializeToString(drawn);
  return { text: text.replaceAll(/url\\((&quot;|"|')?[^)#"']*#/g, "url($1#"), width, height: whole };
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function savePng(made, name) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = made.width * SHARPNESS;
    canvas.height = made.height * SHARPNESS;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((png) => save(png, name));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(made.text)}`;
}

export default function ({ data, parentElement }) {
  for (const button of parentElement.querySelectorAll("button")) {
    button.title = data.help[button.name];
    button.onclick = () => {
      const key = data.chart.replace(/[^a-zA-Z0-9_-]/g, "-");
      const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
      if (!plot) return;
      const made = picture(plot, data, getComputedStyle(button).fontFamily);
      if (button.name === "png") savePng(made, `${data.file}.png`);
      else save(new Blob([made.text], { type: "image/svg+xml" }), `${data.file}.svg`);
    };
  }
}
"""
_buttons = st.components.v2.component("stepsight.pictures", html=_HTML, css=_CSS, js=_JS)


def offer(
    chart: str, *, title: str, alt: str, below: Sequence[str], file: str, png: str, svg: str, palette: Palette
) -> None:
    """The buttons for the chart of that key; `png` and `svg` say what each saves, `below` stands under it."""
    _buttons(
        key=f"{chart}.pictures",
        data={
            "chart": chart,
            "title": title,
            "alt": alt,
            "below": [text for text in below if text],
            "file": file,
            "help": {"png": png, "svg": svg},
            "background": palette.background,
            "text": palette.text,
            "muted": palette.muted,
        },
        width="content",
    )
