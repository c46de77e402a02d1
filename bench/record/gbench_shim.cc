// SPDX-License-Identifier: GPL-2.0-only
// The only C++ in the harness. No exception leaves this file.
#include "record/gbench_shim.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

namespace
{

// Google Benchmark prints to the terminal unless told otherwise; the harness
// has its own progress lines.
class SilentReporter : public benchmark::BenchmarkReporter
{
      public:
	bool ReportContext(const Context & /*context*/) override
	{
		return true;
	}
	void ReportRuns(const std::vector<Run> & /*runs*/) override
	{
	}
};

// The repetitions of the benchmark that runs, in order. Counters and errors do
// not pass through the library: its ComputeStats (1.7.1) follows the first
// repetition's pointer to statistics, which is not set when that one failed, and
// crashes or not by luck.
struct Repetition {
	benchmark::UserCounters counters;
	std::string error;
};
std::vector<Repetition> repetitions_seen;

// The library has no switch that leaves the aggregates (mean, median, ...) out
// of the file while keeping the repetitions.
class RawJsonReporter : public benchmark::JSONReporter
{
      public:
	void ReportRuns(const std::vector<Run> &runs) override
	{
		std::vector<Run> raw;
		std::copy_if(runs.begin(), runs.end(), std::back_inserter(raw),
			[](const Run &run) { return run.run_type != Run::RT_Aggregate; });
		for (size_t i = 0; i < raw.size() && i < repetitions_seen.size(); i++)
			complete(raw[i], repetitions_seen[i]);
		repetitions_seen.clear();
		if (!raw.empty())
			JSONReporter::ReportRuns(raw);
	}
	// The library looks at no write: why one failed, is asked with another one.
	void Finalize() override
	{
		std::ostream &out = GetOutputStream();
		JSONReporter::Finalize();
		errno = 0;
		if (out.flush().good())
			return;
		out.clear();
		out << std::endl;
		error = errno ? errno : EIO;
	}
	int error = 0;

      private:
	static void complete(Run &run, const Repetition &seen)
	{
		run.counters = seen.counters;
		if (seen.error.empty())
			return;
		run.error_occurred = true;
		run.error_message = seen.error;
		run.real_accumulated_time = run.cpu_accumulated_time = 0;
	}
};

void one_repetition(benchmark::State &state, gbench_fn fn, void *arg)
{
	sample sample = {};
	fn(arg, &sample);
	// NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): the library's idiom
	for (auto _ : state)
		state.SetIterationTime(sample.error ? 1e-9 : sample.seconds);
	Repetition &seen = repetitions_seen.emplace_back();
	if (sample.error) {
		seen.error = sample.error;
		return;
	}
	if (sample.label)
		state.SetLabel(sample.label);
	for (size_t i = 0; i < sample.n_counters && i < SAMPLE_MAX_COUNTERS; i++)
		seen.counters[sample.counter[i].name] = sample.counter[i].value;
}

// The library rejects a null file reporter's stream that was never opened and
// a file reporter without --benchmark_out, so both come and go together.
// Sets `error` to the errno of a file that could not be written, or to 0.
size_t run_all(unsigned repetitions, const char *out_path, int &error)
{
	std::vector<std::string> words = {
		"pidfdbench", "--benchmark_repetitions=" + std::to_string(repetitions)};
	if (out_path) {
		words.push_back("--benchmark_out=" + std::string(out_path));
		words.emplace_back("--benchmark_out_format=json");
	}
	std::vector<char *> argv;
	argv.reserve(words.size() + 1);
	for (std::string &word : words)
		argv.push_back(word.data());
	argv.push_back(nullptr);
	int argc = static_cast<int>(words.size());
	benchmark::Initialize(&argc, argv.data());

	SilentReporter silent;
	RawJsonReporter raw;
	const size_t ran = benchmark::RunSpecifiedBenchmarks(&silent, out_path ? &raw : nullptr);
	error = raw.error;
	return ran;
}

} // namespace

extern "C" int gbench_register(const char *name, gbench_fn fn, void *arg, unsigned repetitions)
try {
	benchmark::internal::Benchmark *added = benchmark::RegisterBenchmark(
		name, [fn, arg](benchmark::State &state) { one_repetition(state, fn, arg); });
	added->Iterations(1)->UseManualTime();
	if (repetitions)
		added->Repetitions(static_cast<int>(repetitions));
	return 0;
} catch (const std::exception &) {
	return -1;
}

extern "C" int gbench_context(const char *key, const char *value)
try {
	benchmark::AddCustomContext(key, value);
	return 0;
} catch (const std::exception &) {
	return -1;
}

extern "C" int gbench_run(unsigned repetitions, const char *out_path, char *why, size_t why_len)
try {
	// The library calls exit() when it cannot open the file: try it first.
	int error = 0;
	errno = 0;
	if (out_path && !std::ofstream(out_path))
		error = errno ? errno : EIO;
	const size_t ran = error ? 0 : run_all(repetitions, out_path, error);
	if (error) {
		std::snprintf(why, why_len, "cannot write %s: %s", out_path, std::strerror(error));
		return -1;
	}
	return static_cast<int>(ran);
} catch (const std::exception &e) {
	std::snprintf(why, why_len, "Google Benchmark: %s", e.what());
	return -1;
}

extern "C" const char *gbench_version(void)
{
	return GBENCH_VERSION;
}
