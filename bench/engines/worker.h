// SPDX-License-Identifier: EUPL-1.2
// An engine in a process of its own, asked over pipes: one line of words in, one line of JSON out.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "engine.h"
#include "kits/json/json.h"

namespace verbund::bench {

using MakeEngine = std::function<std::unique_ptr<Engine>()>;

class Worker {
 public:
  // Forks; the child runs on `core` only (-1: on any) and builds. Requires: one thread so far.
  Worker(std::string name, const MakeEngine& make, const Corpus& corpus, const EngineSettings& settings, int core);
  ~Worker();   // the child ends and is waited for
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::string& name() const { return name_; }
  // {"build_s", "configurations", "files_cached_mb", "point_configurations", "resident_mb", "setup"}
  const Json& built() const { return built_; }
  // {"success_at_1", "success_at_3", "ndcg_at_10", "queries", "elsewhere"}: each query once.
  Json evaluate(std::size_t configuration, std::size_t kind);
  // {"qps", "cpu_us" (processor time of one), "p50_us", "p99_us"}: queries in turn for so long, going on where the last
  // call ended.
  Json speed(std::size_t configuration, std::size_t kind, double seconds);
  // {"points", "wrong_authority"}: each point once.
  Json check_points(std::size_t configuration);
  // {"points_per_s", "cpu_us"}
  Json point_speed(std::size_t configuration, double seconds);

 private:
  Json ask(const std::string& line);

  std::string name_;
  int pid_ = 0;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  Json built_;
};

}  // namespace verbund::bench
