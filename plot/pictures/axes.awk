# SPDX-License-Identifier: GPL-2.0-only
# Numbers and labels on axes, for the scripts that write gnuplot jobs.

function quote(text) { gsub(/["\\]/, "\\\\&", text); return "\"" text "\"" }

function setting(benchmark, name,    part, count, i) {
	count = split(benchmark, part, "/")
	for (i = 2; i <= count; i++)
		if (index(part[i], name ":") == 1)
			return part[i]
	return ""
}

function number_text(value) {
	if (value >= 1e6)
		return value / 1e6 " M"
	return value >= 1e3 ? value / 1e3 " k" : value ""
}

# 1, 2 or 5 times a power of ten, at least value.
function round_up(value,    tens) {
	tens = 10 ^ int(log(value) / log(10) - (value < 1))
	return value <= tens ? tens : value <= 2 * tens ? 2 * tens : value <= 5 * tens ? 5 * tens : 10 * tens
}

# For gnuplot: 1, 2, 5 times powers of ten on a logarithmic axis, else at most
# `most` even steps. Without text only marks.
function y_tics(range, log_scale, most, with_text,    step, value, list) {
	step = log_scale ? 0 : round_up((range["high"] - range["low"]) / most)
	value = log_scale ? round_up(range["low"]) : step * int(range["low"] / step + 0.999999)
	while (value <= range["high"]) {
		list = list (list == "" ? "" : ", ") quote(with_text ? number_text(value) : "") " " value
		value = log_scale ? round_up(value * 1.5) : value + step
	}
	return list
}

# low and high of `range`, an array, grow to hold two more values.
function widen(range, low, high) {
	if (!("low" in range) || low + 0 < range["low"])
		range["low"] = low + 0
	if (!("high" in range) || high + 0 > range["high"])
		range["high"] = high + 0
}

# Labels at the lines' ends; those that would overlap are spread: `apart` of the
# axis from one to the next at least.
function write_labels(file, count, low, high, log_scale, apart,    i, j, position, text, swap, at) {
	for (i = 1; i <= count; i++) {
		at = label_y[i]
		position[i] = log_scale ? log(at / low) / log(high / low) : (at - low) / (high - low)
		text[i] = label_text[i]
		for (j = i; j > 1 && position[j] < position[j - 1]; j--) {
			swap = position[j]; position[j] = position[j - 1]; position[j - 1] = swap
			swap = text[j]; text[j] = text[j - 1]; text[j - 1] = swap
		}
	}
	printf "" > file
	for (i = 1; i <= count; i++) {
		if (i > 1 && position[i] < position[i - 1] + apart)
			position[i] = position[i - 1] + apart
		at = log_scale ? low * (high / low) ^ position[i] : low + position[i] * (high - low)
		print x_last, at, quote(text[i]) > file
	}
	close(file)
}

# The axis of workers, of throughput.awk: workers[1..worker_count], x_low, x_high, x_log.

# How far along the axis a number of workers is, from 0 to 1.
function along(value) { return x_log ? log(value / x_low) / log(x_high / x_low) : (value - x_low) / (x_high - x_low) }

# The last number is named, and those before it that leave room for the next one's name.
function name_ticks(    w, apart, name, next_at) {
	apart = 0.027 * panels
	x_tics = ""
	next_at = 2
	for (w = worker_count; w > 0; w--) {
		name = along(workers[w]) + apart <= next_at ? workers[w] : ""
		if (name != "")
			next_at = along(workers[w])
		x_tics = quote(name) " " workers[w] (x_tics == "" ? "" : ", ") x_tics
	}
}

# gnuplot commands for a thin line before each worker count at which more of the
# machine comes into use, and its name.
function mark_commands(    m, at, text, shown) {
	for (m = 1; m <= marks; m++) {
		if (mark_at[m] <= workers[1] + 0 || mark_at[m] > workers[worker_count] + 0)
			continue
		at = x_log ? sqrt((mark_at[m] - 1) * mark_at[m]) : mark_at[m] - 0.5
		text = text sprintf("set arrow %d from first %g, graph 0 to first %g, graph 1 nohead back dashtype 3 linecolor rgb grey; ", 10 + m, at, at)
		text = text sprintf("set label %d \"%s\" at first %g, graph %g left offset 0.3, 0 noenhanced textcolor rgb grey font \",12\"; ", 10 + m, mark_text[m], at, 0.04 + 0.06 * shown++)
	}
	return text
}

# For bars.gp. Names of rows and texts of bars are remembered until bar_axis_end() has told the end of
# the axis: where the longest text ends within the picture. A letter takes 9 of its 930 pixels at most.
function row_label(name) {
	if (length(name) > row_letters + 0)
		row_letters = length(name)
	return quote(name)
}

function bar_label(top, name, words) {
	bar_top[++bars] = top
	bar_letters[bars] = length(name words) + 3
	return quote(name "  " words)
}

function bar_axis_end(    i, room, left, most) {
	room = 930 - 9 * row_letters
	for (i = 1; i <= bars; i++) {
		left = room - 9 * bar_letters[i]
		if (left < room / 4)
			left = room / 4
		if (bar_top[i] * room / left > most + 0)
			most = bar_top[i] * room / left
	}
	bars = row_letters = 0
	return most
}
