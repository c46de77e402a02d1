// SPDX-License-Identifier: GPL-2.0-only
// Runs inside a copy of report.html, in a frame of tests/browser/check-page: looks
// for what a reader could not read, and posts a list of complaints to the parent.
// Lengths are CSS pixels; contrast is that of WCAG 2.1 (4.5 for text, 3 for lines).
"use strict";
(function () {
	const complaints = [];
	const page = document.documentElement;
	const say = (what, text) => complaints.push(what + ": " + String(text).trim().slice(0, 60));

	// Every piece of text with where it is, what clips it, and what it is drawn in.
	function pieces() {
		const found = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			const parent = node.parentElement;
			if (!node.data.trim() || parent.closest("script, style, title, defs"))
				continue;
			const range = document.createRange();
			range.selectNodeContents(node);
			const drawn = parent.closest("svg text");
			const boxes = drawn ? [drawn.getBoundingClientRect()] : [...range.getClientRects()];
			for (const box of boxes)
				if (box.width > 0.5)
					found.push({ node, parent, drawn, box, text: node.data });
		}
		return found;
	}

	// The nearest element around that scrolls or hides what is too wide, or null.
	function clipper(element) {
		for (let e = element; e && e !== document.body; e = e.parentElement)
			if (getComputedStyle(e).overflowX !== "visible" && !(e instanceof SVGElement))
				return e;
		return null;
	}

	function check_place(piece) {
		const { box, drawn } = piece;
		if (drawn) {
			const frame = drawn.ownerSVGElement.getBoundingClientRect();
			if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
				say("clipped by its picture", piece.text);
		}
		const around = clipper(piece.parent);
		const style = around && getComputedStyle(around).overflowX;
		if (around && (style === "hidden" || style === "clip")) {
			const frame = around.getBoundingClientRect();
			if (box.right > frame.right + 1 || box.left < frame.left - 1)
				say("clipped", piece.text);
		} else if (!around && (box.right > innerWidth + 1 || box.left < -1)) {
			say("runs out of the page", piece.text);
		}
	}

	function overlap(a, b) {
		const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
		const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
		// Boxes hold the space above and below letters: a third of a line may be shared.
		return wide > 2 && high > Math.min(a.height, b.height) / 3;
	}

	function check_overlaps(found) {
		const sorted = found.slice().sort((a, b) => a.box.top - b.box.top);
		for (let i = 0; i < sorted.length; i++)
			for (let j = i + 1; j < sorted.length && sorted[j].box.top < sorted[i].box.bottom; j++)
				if (sorted[i].node !== sorted[j].node && overlap(sorted[i].box, sorted[j].box))
					say("overlaps", sorted[i].text.trim().slice(0, 28) + " / " + sorted[j].text.trim().slice(0, 28));
	}

	function numbers(colour) { return (colour.match(/[\d.]+/g) || []).map(Number); }

	function light(rgb) {
		const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	}

	function contrast(a, b) {
		const [x, y] = [light(a), light(b)];
		return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
	}

	function background(element) {
		for (let e = element; e; e = e.parentElement) {
			const rgba = numbers(getComputedStyle(e).backgroundColor);
			if (rgba.length === 3 || rgba[3] > 0)
				return rgba.slice(0, 3);
		}
		return [255, 255, 255];
	}

	function check_contrast(piece) {
		const style = getComputedStyle(piece.drawn || piece.parent);
		const ink = numbers(piece.drawn ? style.fill : style.color).slice(0, 3);
		const ratio = contrast(ink, background(piece.parent));
		if (ratio < 4.5)
			say("contrast of " + ratio.toFixed(1), piece.text);
	}

	// A plot has lines or bars of more than one colour, each seen on the page.
	function check_pictures(expected) {
		const pictures = [...document.querySelectorAll("figure svg")];
		if (pictures.length !== expected)
			say("pictures", pictures.length + " of " + expected);
		pictures.forEach((svg, i) => {
			const name = "picture " + (i + 1), box = svg.getBoundingClientRect();
			if (box.width < 200 || box.height < 100)
				say("too small", name + " " + box.width + " x " + box.height);
			const drawn = [...svg.querySelectorAll("path, polygon, circle, use, rect")].filter((e) => e.getBoundingClientRect().width > 3);
			if (drawn.length < 6 || svg.querySelectorAll("text").length < 5)
				say("hardly anything drawn", name + ", " + drawn.length + " shapes");
			const paper = background(svg);
			const seen = new Set(), faint = new Set();
			for (const e of drawn) {
				const style = getComputedStyle(e);
				for (const colour of [style.stroke, style.fill]) {
					const rgb = numbers(colour).slice(0, 3);
					if (rgb.length < 3 || Math.max(...rgb) - Math.min(...rgb) < 40 && e.tagName === "polygon")
						continue;
					seen.add(rgb.join());
					// Colours of variants are no greys, but for the first variant's.
					if (Math.max(...rgb) - Math.min(...rgb) >= 40 && contrast(rgb, paper) < 2)
						faint.add(rgb.join());
				}
			}
			if (seen.size < 2)
				say("one colour only", name);
			for (const colour of faint)
				say("line hardly seen", name + ", rgb " + colour);
			if (!svg.getAttribute("aria-label"))
				say("no words for it", name);
		});
	}

	addEventListener("load", () => {
		if (page.scrollWidth > innerWidth + 1)
			say("the page scrolls sideways", page.scrollWidth + " > " + innerWidth);
		const found = pieces();
		if (found.length < 20)
			say("hardly any text", found.length + " pieces");
		for (const piece of found) {
			check_place(piece);
			check_contrast(piece);
		}
		check_overlaps(found);
		check_pictures(Number(document.currentExpected));
		parent.postMessage({ where: innerWidth, dark: matchMedia("(prefers-color-scheme: dark)").matches, pieces: found.length, complaints }, "*");
	});
})();
