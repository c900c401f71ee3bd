// SPDX-License-Identifier: EUPL-1.2
#include "results.h"

#include <algorithm>

namespace verbund::bench {
namespace {

// By processor time, which other work on the machine disturbs least; for one thread it is the time on an idle machine.
std::size_t fastest(const EngineResult& engine, std::size_t kind) {
  const auto& list = engine.configurations;
  const auto time = [&](const ConfigurationResult& c) { return c.kinds[kind].cpu_us; };
  return static_cast<std::size_t>(
      std::min_element(list.begin(), list.end(), [&](const auto& a, const auto& b) { return time(a) < time(b); }) -
      list.begin());
}

std::size_t best(const EngineResult& engine, std::size_t kind) {
  const auto& list = engine.configurations;
  const auto quality = [&](const ConfigurationResult& c) {
    return std::pair(c.kinds[kind].success_at_3, c.kinds[kind].ndcg_at_10);
  };
  const auto worse = [&](const auto& a, const auto& b) { return quality(a) < quality(b); };
  return static_cast<std::size_t>(std::max_element(list.begin(), list.end(), worse) - list.begin());
}

double best_ndcg(const EngineResult& engine, std::size_t kind) {
  double out = 0;
  for (const auto& c : engine.configurations) out = std::max(out, c.kinds[kind].ndcg_at_10);
  return out;
}

const PointResult& fastest_point(const EngineResult& engine) {
  return *std::min_element(engine.points.begin(), engine.points.end(),
                           [](const auto& a, const auto& b) { return a.cpu_us < b.cpu_us; });
}

Json to_json(const KindResult& r) {
  return Json::object({{"qps", r.qps}, {"cpu_us", r.cpu_us}, {"p50_us", r.p50_us}, {"p99_us", r.p99_us},
                       {"success_at_1", r.success_at_1}, {"success_at_3", r.success_at_3},
                       {"ndcg_at_10", r.ndcg_at_10}, {"elsewhere", r.elsewhere}});
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
    points.push(Json::object({{"name", p.name}, {"points_per_s", p.per_s}, {"cpu_us", p.cpu_us}, {"points", p.points},
                              {"wrong_authority", p.wrong}}));
  }
  const PointResult& point = fastest_point(engine);
  out.set("name", engine.name).set("setup", engine.setup).set("configuration", first.name);
  out.set("points_per_s", point.per_s).set("point_configuration", point.name).set("wrong_authority", point.wrong);
  out.set("build_s", engine.build_s).set("resident_mb", engine.resident_mb);
  out.set("files_cached_mb", engine.files_cached_mb);
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
  const auto times = [&](double our_time, double time) {
    return ours != nullptr && our_time > 0 ? shown(time / our_time) + "x" : std::string("-");
  };
  for (const EngineResult& engine : engines) {
    std::fprintf(out, "\n%s: %s\n", engine.name.c_str(), engine.setup.c_str());
    std::fprintf(out, "  built in %s s, resident %s MiB, its files in the page cache %s MiB\n",
                 shown(engine.build_s).c_str(), shown(engine.resident_mb).c_str(),
                 shown(engine.files_cached_mb).c_str());
    for (const PointResult& point : engine.points) {
      const double our_time = ours != nullptr ? fastest_point(*ours).cpu_us : 0;
      std::fprintf(out, "  responsible units: %s/s (%s), ours is %s, wrong %lld of %lld\n", shown(point.per_s).c_str(),
                   point.name.c_str(), times(our_time, point.cpu_us).c_str(), static_cast<long long>(point.wrong),
                   static_cast<long long>(point.points));
    }
  }
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
    const std::string title = kind_names[kind] + " (" + std::to_string(kind_sizes[kind]) + " queries)";
    std::fprintf(out, "\n%-42s %9s %8s %8s %8s %6s %6s %7s %8s\n", title.c_str(), "queries/s", "cpu us", "p50 us",
                 "p99 us", "s@1", "s@3", "nDCG@10", "ours is");
    const double our_time = ours != nullptr ? ours->configurations[fastest(*ours, kind)].kinds[kind].cpu_us : 0;
    for (const EngineResult& engine : engines) {
      const ConfigurationResult* quick = &engine.configurations[fastest(engine, kind)];
      for (const ConfigurationResult& c : engine.configurations) {
        const KindResult& r = c.kinds[kind];
        std::fprintf(out, "%c %-10s %-29.29s %9s %8s %8s %8s %6.3f %6.3f %7.3f %8s%s\n", &c == quick ? '*' : ' ',
                     engine.name.c_str(), c.name.c_str(), shown(r.qps).c_str(), shown(r.cpu_us).c_str(),
                     shown(r.p50_us).c_str(), shown(r.p99_us).c_str(), r.success_at_1, r.success_at_3, r.ndcg_at_10,
                     times(our_time, r.cpu_us).c_str(), r.elsewhere > 0 ? " HITS OF OTHER PLACES" : "");
      }
    }
  }
  std::fprintf(out, "\n* the fastest configuration of the engine for this kind. Times of \"ours is\" are processor time"
                    " (\"cpu us\"),\n  which on an idle machine is what one query takes.\n");
}

}  // namespace verbund::bench
