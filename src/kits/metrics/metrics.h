// SPDX-License-Identifier: EUPL-1.2
// Counters, gauges and histograms in the Prometheus text format 0.0.4. Updates take no lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::metrics {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Seconds, buckets 1 ms to 10 s.
class Histogram {
 public:
  void observe(double seconds);
  struct State;
  Histogram();
  ~Histogram();

 private:
  friend class Registry;
  std::unique_ptr<State> state_;
};

// Names: verbund_<what>_<unit>; labels as `code="200"`, already escaped by the caller (fixed words only).
// References stay valid as long as the registry. Asking again for the same name and labels gives the same object.
class Registry {
 public:
  Registry();
  ~Registry();
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {});
  void gauge(std::string_view name, std::string_view help, std::function<double()> read, std::string_view labels = {});
  std::string expose() const;
  // Those of several as one text, each series with the labels of its registry (`tenant="a"`, "") before its own.
  struct Labelled {
    std::string labels;
    const Registry* registry;
  };
  static std::string expose_all(const std::vector<Labelled>& registries);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::metrics
