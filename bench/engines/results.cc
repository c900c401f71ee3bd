// SPDX-License-Identifier: EUPL-1.2
#include "results.h"

#include <algorithm>

namespace verbund::bench {
namespace {

std::size_t fastest(const EngineResult& engine, std::size_t kind) {
  const auto& list = engine.configurations;
  return static_cast<std::size_t>(
      std::max_element(list.begin(), list.end(), [&](const auto& a, const auto& b) {
        return a.kinds[kind].qps < b.kinds[kind].qps;
      }) - list.begin());
}

std::size_t best(const EngineResult& engine, std::size_t kind) {
  const auto& list = engine.configurations;
  const auto quality = [&](const ConfigurationResult& c) {
    return std::pair(c.kinds[kind].success_at_3, c.kinds[kind].ndcg_at_10);
  };
  return static_cast<std::size_t>(
      std::max_element(list.begin(), list.end(), [&](const auto& a, const auto& b) { return quality(a) < quality(b); }) -
      list.begin());
}

double best_ndcg(const EngineResult& engine, std::size_t kind) {
  double out = 0;
  for (const auto& c : engine.configurations) out = std::max(out, c.kinds[kind].ndcg_at_10);
  return out;
}

const PointResult& fastest_point(const EngineResult& engine) {
  return *std::max_element(engine.points.begin(), engine.points.end(),
                           [](const auto& a, const auto& b) { return a.per_s < b.per_s; });
}

Json to_json(const KindResult& r) {
  return Json::object({{"qps", r.qps}, {"cpu_us", r.cpu_us}, {"p50_us", r.p50_us}, {"p99_us", r.p99_us}, {"success_at_1", r.success_at_1},
                       {"success_at_3", r.success_at_3}, {"ndcg_at_10", r.ndcg_at_10}, {"elsewhere", r.elsewhere}});
}

Json to_json(const EngineResult& engine, const std::vector<std::string>& kinds) {
  const ConfigurationResult& first = engine.configurations[fastest(engine, 0)];
  Json out = to_json(first.kinds[0]);
  Json of_kinds = Json::object({}), configurations{Json::Array{}}, points{Json::Array{}};
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const ConfigurationResult& quick = engine.configurations[fastest(engine, kind)];
    const ConfigurationResult& good = engine.configurations[best(engine, kind)];
    Json one = to_json(quick.kinds[kind]);
    one.set("configuration", quick.name).set("best_success_at_3", good.kinds[kind].success_at_3);
    one.set("best_ndcg_at_10", best_ndcg(engine, kind)).set("best_configuration", good.name);
    of_kinds.set(kinds[kind], one);
  }
  for (const ConfigurationResult& c : engine.configurations) {
    Json one = Json::object({});
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) one.set(kinds[kind], to_json(c.kinds[kind]));
    configurations.push(Json::object({{"name", c.name}, {"kinds", one}}));
  }
  for (const PointResult& p : engine.points) {
    points.push(Json::object({{"name", p.name}, {"points_per_s", p.per_s}, {"cpu_us", p.cpu_us}, {"points", p.points}, {"wrong_authority", p.wrong}}));
  }
  const PointResult& point = fastest_point(engine);
  out.set("name", engine.name).set("setup", engine.setup).set("configuration", first.name);
  out.set("points_per_s", point.per_s).set("point_configuration", point.name).set("wrong_authority", point.wrong);
  out.set("build_s", engine.build_s).set("resident_mb", engine.resident_mb).set("files_cached_mb", engine.files_cached_mb);
  out.set("kinds", of_kinds).set("configurations", configurations).set("points", points);
  return out;
}

// A number as people read it: 30,912 or 4.21.
std::string shown(double number) {
  char text[64];
  if (number < 100) {
    std::snprintf(text, sizeof text, "%.2f", number);
    return text;
  }
  std::snprintf(text, sizeof text, "%.0f", number);
  std::string out = text;
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Json Results::to_json() const {
  Json list{Json::Array{}};
  for (const EngineResult& engine : engines) list.push(bench::to_json(engine, kind_names));
  return Json::object({{"engines", list}, {"workload", workload}, {"machine", machine}});
}

void Results::print(std::FILE* out) const {
  const EngineResult* ours = nullptr;
  for (const EngineResult& engine : engines) {
    if (engine.name == "verbund") ours = &engine;
  }
  const auto times = [&](double our_figure, double figure) {
    return ours != nullptr && figure > 0 ? shown(our_figure / figure) + "x" : std::string("-");
  };
  for (const EngineResult& engine : engines) {
    const PointResult& point = fastest_point(engine);
    std::fprintf(out, "\n%s: %s\n", engine.name.c_str(), engine.setup.c_str());
    std::fprintf(out, "  built in %s s, resident %s MiB, its files in the page cache %s MiB\n", shown(engine.build_s).c_str(),
                 shown(engine.resident_mb).c_str(), shown(engine.files_cached_mb).c_str());
    std::fprintf(out, "  responsible units: %s/s (%s; ours is %s), wrong %lld of %lld\n", shown(point.per_s).c_str(),
                 point.name.c_str(), ours != nullptr ? times(fastest_point(*ours).per_s, point.per_s).c_str() : "-",
                 static_cast<long long>(point.wrong), static_cast<long long>(point.points));
    for (const PointResult& other : engine.points) {
      if (&other != &point) std::fprintf(out, "    also: %s/s (%s)\n", shown(other.per_s).c_str(), other.name.c_str());
    }
  }
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
    std::fprintf(out, "\n%-36s %10s %8s %8s %8s %6s %6s %7s %8s\n",
                 (kind_names[kind] + " (" + std::to_string(kind_sizes[kind]) + " queries)").c_str(), "queries/s", "cpu us",
                 "p50 us", "p99 us", "s@1", "s@3", "nDCG@10", "ours is");
    for (const EngineResult& engine : engines) {
      for (const ConfigurationResult& c : engine.configurations) {
        const KindResult& r = c.kinds[kind];
        const bool quick = &c == &engine.configurations[fastest(engine, kind)];
        std::fprintf(out, "%c %-10s %-29.29s %5s %8s %8s %8s %6.3f %6.3f %7.3f %8s%s\n", quick ? '*' : ' ', engine.name.c_str(),
                     c.name.c_str(), shown(r.qps).c_str(), shown(r.cpu_us).c_str(), shown(r.p50_us).c_str(), shown(r.p99_us).c_str(), r.success_at_1,
                     r.success_at_3, r.ndcg_at_10,
                     ours != nullptr ? times(ours->configurations[fastest(*ours, kind)].kinds[kind].qps, r.qps).c_str() : "-",
                     r.elsewhere > 0 ? " HITS OF OTHER PLACES" : "");
      }
    }
  }
  std::fprintf(out, "\n* the fastest configuration of each engine for this kind; \"ours is\" compares with every one.\n");
}

}  // namespace verbund::bench
