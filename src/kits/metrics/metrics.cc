// SPDX-License-Identifier: EUPL-1.2
// Source: Prometheus exposition format, text version 0.0.4.
#include "kits/metrics/metrics.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>

#include "base/check.h"

namespace verbund::metrics {
namespace {

constexpr std::array kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end.ptr};
}

std::string help_text(std::string_view help) {
  std::string out;
  for (const char c : help) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else out += c;
  }
  return out;
}

std::string with_labels(std::string_view labels, std::string_view more = {}) {
  if (labels.empty() && more.empty()) return "";
  std::string out = "{";
  out += labels;
  if (!labels.empty() && !more.empty()) out += ',';
  out += more;
  return out + "}";
}

}  // namespace

struct Histogram::State {
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts{};  // the last: over all bounds
  std::atomic<double> sum{0};
};

Histogram::Histogram() : state_(std::make_unique<State>()) {}
Histogram::~Histogram() = default;

void Histogram::observe(double seconds) {
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
  state_->counts[bucket].fetch_add(1, std::memory_order_relaxed);
  state_->sum.fetch_add(seconds, std::memory_order_relaxed);
}

// Families by name, series by labels. Only making and exposing lock; references go to what never moves.
struct Registry::State {
  struct Family {
    std::string help;
    std::string_view type;
    std::map<std::string, std::unique_ptr<Counter>, std::less<>> counters;
    std::map<std::string, std::unique_ptr<Histogram>, std::less<>> histograms;
    std::map<std::string, std::function<double()>, std::less<>> gauges;
  };

  Family& family(std::string_view name, std::string_view help, std::string_view type) {
    auto found = families.find(name);
    if (found == families.end()) found = families.emplace(name, Family{std::string(help), type, {}, {}, {}}).first;
    VERBUND_CHECK(found->second.type == type);
    return found->second;
  }

  std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;
};

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string_view name, std::string_view help, std::string_view labels) {
  const std::lock_guard lock(state_->mutex);
  auto& slot = state_->family(name, help, "counter").counters[std::string(labels)];
  if (!slot) slot = std::make_unique<Counter>();
  return *slot;
}

Histogram& Registry::histogram(std::string_view name, std::string_view help, std::string_view labels) {
  const std::lock_guard lock(state_->mutex);
  auto& slot = state_->family(name, help, "histogram").histograms[std::string(labels)];
  if (!slot) slot = std::make_unique<Histogram>();
  return *slot;
}

void Registry::gauge(std::string_view name, std::string_view help, std::function<double()> read,
                     std::string_view labels) {
  const std::lock_guard lock(state_->mutex);
  state_->family(name, help, "gauge").gauges[std::string(labels)] = std::move(read);
}

std::string Registry::expose() const { return expose_all({{"", this}}); }

std::string Registry::expose_all(const std::vector<Labelled>& registries) {
  // A family stands together, whatever registries it is from.
  std::map<std::string, std::pair<std::string, std::string>, std::less<>> families;   // head, series
  for (const auto& [labels_of_all, registry] : registries) {
    const std::lock_guard lock(registry->state_->mutex);
    for (const auto& [name, family] : registry->state_->families) {
      auto& [head, out] = families[name];
      if (head.empty()) {
        head = "# HELP " + name + " " + help_text(family.help) + "\n# TYPE " + name + " ";
        head.append(family.type).append("\n");
      }
      const auto with = [&all = labels_of_all](const std::string& own) {
        return all.empty() || own.empty() ? all + own : all + "," + own;
      };
      for (const auto& [labels, counter] : family.counters) {
        out += name + with_labels(with(labels)) + " " + std::to_string(counter->value()) + "\n";
      }
      for (const auto& [own, histogram] : family.histograms) {
        const std::string labels = with(own);
        std::uint64_t total = 0;  // buckets are cumulative
        for (std::size_t i = 0; i <= kBounds.size(); ++i) {
          total += histogram->state_->counts[i].load(std::memory_order_relaxed);
          const std::string bound = i < kBounds.size() ? number(kBounds[i]) : "+Inf";
          out += name + "_bucket" + with_labels(labels, "le=\"" + bound + "\"") + " " + std::to_string(total) + "\n";
        }
        out += name + "_sum" + with_labels(labels) + " " +
               number(histogram->state_->sum.load(std::memory_order_relaxed)) + "\n";
        out += name + "_count" + with_labels(labels) + " " + std::to_string(total) + "\n";
      }
      for (const auto& [labels, read] : family.gauges) {
        out += name + with_labels(with(labels)) + " " + number(read()) + "\n";
      }
    }
  }
  std::string text;
  for (const auto& [name, family] : families) text += family.first + family.second;
  return text;
}

}  // namespace verbund::metrics
