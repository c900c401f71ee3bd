// SPDX-License-Identifier: EUPL-1.2
// What the comparison measured, per engine, configuration and kind of query; as JSON and as a table.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "kits/json/json.h"

namespace verbund::bench {

struct KindResult {
  double qps = 0, cpu_us = 0, p50_us = 0, p99_us = 0;   // medians of the rounds; cpu_us: processor time of a query
  double success_at_1 = 0, success_at_3 = 0, ndcg_at_10 = 0;
  std::int64_t elsewhere = 0;                           // hits not offered at the place: must be 0
};

struct ConfigurationResult {
  std::string name;
  std::vector<KindResult> kinds;                        // as kind_names
};

struct PointResult {
  std::string name;
  double per_s = 0, cpu_us = 0;
  std::int64_t points = 0, wrong = 0;
};

struct EngineResult {
  std::string name, setup;
  double build_s = 0, resident_mb = 0, files_cached_mb = 0;
  std::vector<ConfigurationResult> configurations;
  std::vector<PointResult> points;
};

struct Results {
  std::vector<std::string> kind_names;                  // "mix" first
  std::vector<std::int64_t> kind_sizes;
  std::vector<EngineResult> engines;
  Json workload, machine;

  // {"engines": [...], "machine", "workload"}. An engine's own figures are those of its configuration that takes the
  // least processor time for the mix; of a kind, those of the quickest for that kind; best_* those of the best one.
  Json to_json() const;
  void print(std::FILE* out) const;
};

double median(std::vector<double> values);   // 0 for none

}  // namespace verbund::bench
