// SPDX-License-Identifier: EUPL-1.2
// Same corpus, same questions, same filter by place, one run: see bench/compare. Exit status 0, or 1 with a message.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include "base/text.h"
#include "results.h"
#include "worker.h"

namespace {

using namespace verbund;
using namespace verbund::bench;

constexpr const char* usage =
    "compare_engines --data FOLDER --node FOLDER --work FOLDER [--engines LIST] [--seconds S] [--rounds N]\n"
    "                [--queries N] [--core N] [--postgres-bin FOLDER] [--alternatives] [--json]\n"
    "Usually called by bench/compare, which makes what it needs: see bench/compare --help.\n";

struct Arguments {
  std::map<std::string, std::string> values;
  std::string get(const std::string& name, const std::string& otherwise = {}) const {
    const auto at = values.find(name);
    return at == values.end() ? otherwise : at->second;
  }
};

Arguments read_arguments(int count, char** words) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--json" || word == "--alternatives") {
      out.values[word.substr(2)] = "true";
    } else if (word.starts_with("--") && i + 1 < count) {
      out.values[word.substr(2)] = words[++i];
    } else {
      std::fputs(usage, stderr);
      std::exit(2);
    }
  }
  return out;
}

double number(const Json& json, std::string_view field) {
  const Json& value = json[field];
  if (const double* real = value.if_double()) return *real;
  return value.if_int() != nullptr ? static_cast<double>(*value.if_int()) : 0;
}
std::int64_t whole(const Json& json, std::string_view field) { return static_cast<std::int64_t>(number(json, field)); }

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> out;
  for (const Json& item : *list.if_array()) out.push_back(*item.if_string());
  return out;
}

struct Runner {
  const Corpus& corpus;
  std::vector<std::unique_ptr<Worker>>& workers;
  Results& results;

  void evaluate() {
    for (std::size_t e = 0; e < workers.size(); ++e) {
      EngineResult& engine = results.engines[e];
      std::fprintf(stderr, "  relevance: %s\n", engine.name.c_str());
      for (std::size_t c = 0; c < engine.configurations.size(); ++c) {
        for (std::size_t kind = 0; kind < corpus.kinds.size(); ++kind) {
          const Json judged = workers[e]->evaluate(c, kind);
          engine.configurations[c].kinds.push_back(
              {0, 0, 0, 0, number(judged, "success_at_1"), number(judged, "success_at_3"), number(judged, "ndcg_at_10"),
               whole(judged, "elsewhere")});
        }
      }
      for (std::size_t p = 0; p < engine.points.size(); ++p) {
        const Json checked = workers[e]->check_points(p);
        engine.points[p].points = whole(checked, "points");
        engine.points[p].wrong = whole(checked, "wrong_authority");
      }
    }
  }

  // Engines take turns within every round, so that what else the machine does meets all of them.
  void measure(double seconds, int rounds) {
    std::map<std::string, std::vector<double>> figures;
    const auto add = [&](const std::string& where, const Json& json) {
      for (const auto& [name, value] : *json.if_object()) figures[where + name].push_back(number(json, name));
    };
    const auto place = [](std::size_t e, std::size_t c, std::size_t kind) {
      return std::to_string(e) + '/' + std::to_string(c) + '/' + std::to_string(kind) + '/';
    };
    const double part = seconds / rounds;
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t kind = 0; kind <= corpus.kinds.size(); ++kind) {
        const bool points = kind == corpus.kinds.size();
        std::fprintf(stderr, "  speed: round %d of %d, %s\n", round + 1, rounds,
                     points ? "responsible units" : corpus.kinds[kind].name.c_str());
        for (std::size_t e = 0; e < workers.size(); ++e) {
          const EngineResult& engine = results.engines[e];
          const std::size_t count = points ? engine.points.size() : engine.configurations.size();
          for (std::size_t c = 0; c < count; ++c) {
            add(place(e, c, kind), points ? workers[e]->point_speed(c, part) : workers[e]->speed(c, kind, part));
          }
        }
      }
    }
    for (std::size_t e = 0; e < workers.size(); ++e) {
      EngineResult& engine = results.engines[e];
      for (std::size_t c = 0; c < engine.configurations.size(); ++c) {
        for (std::size_t kind = 0; kind < corpus.kinds.size(); ++kind) {
          KindResult& result = engine.configurations[c].kinds[kind];
          result.qps = median(figures[place(e, c, kind) + "qps"]);
          result.cpu_us = median(figures[place(e, c, kind) + "cpu_us"]);
          result.p50_us = median(figures[place(e, c, kind) + "p50_us"]);
          result.p99_us = median(figures[place(e, c, kind) + "p99_us"]);
        }
      }
      for (std::size_t p = 0; p < engine.points.size(); ++p) {
        engine.points[p].per_s = median(figures[place(e, p, corpus.kinds.size()) + "points_per_s"]);
        engine.points[p].cpu_us = median(figures[place(e, p, corpus.kinds.size()) + "cpu_us"]);
      }
    }
  }
};

double load_now() {
  double load[1] = {0};
  return ::getloadavg(load, 1) == 1 ? load[0] : 0;
}

}  // namespace

int main(int count, char** words) {
  const Arguments arguments = read_arguments(count, words);
  const std::string data = arguments.get("data"), work = arguments.get("work");
  if (data.empty() || work.empty()) {
    std::fputs(usage, stderr);
    return 2;
  }
  const double seconds = std::atof(arguments.get("seconds", "3").c_str());
  const int rounds = std::max(1, std::atoi(arguments.get("rounds", "3").c_str()));
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int core = std::atoi(arguments.get("core", std::to_string(cores - 1)).c_str());

  std::fprintf(stderr, "  reading %s\n", data.c_str());
  auto corpus = read_corpus(data, std::strtoul(arguments.get("queries", "100000").c_str(), nullptr, 10));
  if (!corpus) give_up(corpus.error().text());

  Results results;
  for (const QueryKind& kind : corpus->kinds) {
    results.kind_names.push_back(kind.name);
    results.kind_sizes.push_back(std::ssize(kind.queries));
  }
  results.workload = Json::object({{"services", corpus->documents.size()}, {"units", corpus->units.size()},
                                   {"duties", corpus->duties.size()}, {"offers", corpus->offers.size()},
                                   {"text_bytes", std::int64_t(corpus->text_bytes)},
                                   {"points", corpus->points.size()}});
  const double load_before = load_now();

  const std::map<std::string, MakeEngine, std::less<>> known = {
      {"verbund", make_verbund}, {"xapian", make_xapian}, {"sqlite", make_sqlite}, {"postgresql", make_postgresql}};
  std::vector<std::unique_ptr<Worker>> workers;
  const std::string list = arguments.get("engines", "verbund,xapian,sqlite,postgresql");
  for (const std::string_view name : split(list, ',')) {
    const auto engine = known.find(name);
    if (engine == known.end()) {
      give_up("unknown engine " + std::string(name) + " (verbund, xapian, sqlite, postgresql)");
    }
    const EngineSettings settings{work + "/" + engine->first, arguments.get("node"), arguments.get("postgres-bin"),
                                  arguments.values.contains("alternatives")};
    std::filesystem::create_directories(settings.work);
    std::fprintf(stderr, "  building: %s\n", engine->first.c_str());
    workers.push_back(std::make_unique<Worker>(engine->first, engine->second, *corpus, settings, core));
    const Json& built = workers.back()->built();
    EngineResult result{engine->first, std::string(built.text_or("setup")), number(built, "build_s"),
                        number(built, "resident_mb"), number(built, "files_cached_mb"), {}, {}};
    for (const std::string& way : texts(built["configurations"])) result.configurations.push_back({way, {}});
    for (const std::string& way : texts(built["point_configurations"])) result.points.push_back({way, 0, 0, 0, 0});
    results.engines.push_back(std::move(result));
  }

  Runner runner{*corpus, workers, results};
  runner.evaluate();
  runner.measure(seconds, rounds);
  results.machine = Json::object({{"cores", cores}, {"core_used", core}, {"load_before", load_before},
                                  {"load_after", load_now()}, {"seconds", seconds}, {"rounds", rounds}});
  if (arguments.values.contains("json")) {
    std::printf("%s", results.to_json().to_pretty().c_str());
  } else {
    results.print(stdout);
  }
  return 0;
}
