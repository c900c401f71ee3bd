// SPDX-License-Identifier: EUPL-1.2
#include "worker.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <sstream>

#include "memory.h"

namespace verbund::bench {
namespace {

using Watch = std::chrono::steady_clock;

double seconds_since(Watch::time_point start) { return std::chrono::duration<double>(Watch::now() - start).count(); }

Json words_of(const std::vector<std::string>& list) {
  Json out{Json::Array{}};
  for (const std::string& word : list) out.push(word);
  return out;
}

// The child's side.
class Server {
 public:
  Server(Engine& engine, const Corpus& corpus)
      : engine_(engine), corpus_(corpus), next_query_(corpus.kinds.size(), 0) {}

  Json answer(const std::string& line) {
    std::istringstream in(line);
    std::string word;
    std::size_t configuration = 0;
    in >> word >> configuration;
    if (word == "check_points") return check_points(configuration);
    if (word == "point_speed") {
      double seconds = 0;
      in >> seconds;
      return point_speed(configuration, seconds);
    }
    std::size_t kind = 0;
    double seconds = 0;
    in >> kind >> seconds;
    const std::vector<Query>& queries = corpus_.kinds[kind].queries;
    return word == "evaluate" ? evaluate(configuration, queries)
                              : speed(configuration, queries, next_query_[kind], seconds);
  }

 private:
  Json evaluate(std::size_t configuration, const std::vector<Query>& queries) {
    double first = 0, three = 0, ndcg = 0;
    std::int64_t judged = 0, elsewhere = 0;
    for (const Query& query : queries) {
      if (query.relevant.empty()) continue;
      ++judged;
      engine_.search(configuration, query);
      double gain = 0, ideal = 0;
      std::size_t rank = 0, best = 0;
      for (const std::uint32_t service : engine_.services()) {
        ++rank;
        elsewhere += corpus_.offered(service, query.place) ? 0 : 1;
        if (!std::binary_search(query.relevant.begin(), query.relevant.end(), service)) continue;
        if (best == 0) best = rank;
        gain += 1 / std::log2(static_cast<double>(rank) + 1);
      }
      for (std::size_t i = 1; i <= std::min(most_hits, query.relevant.size()); ++i) {
        ideal += 1 / std::log2(static_cast<double>(i) + 1);
      }
      first += best == 1 ? 1 : 0;
      three += best >= 1 && best <= 3 ? 1 : 0;
      ndcg += gain / ideal;
    }
    const double all = std::max(1.0, static_cast<double>(judged));
    return Json::object({{"success_at_1", first / all}, {"success_at_3", three / all}, {"ndcg_at_10", ndcg / all},
                         {"queries", judged}, {"elsewhere", elsewhere}});
  }

  Json speed(std::size_t configuration, const std::vector<Query>& queries, std::size_t& next, double seconds) {
    if (queries.empty()) return Json::object({{"qps", 0.0}, {"cpu_us", 0.0}, {"p50_us", 0.0}, {"p99_us", 0.0}});
    times_.clear();
    const std::vector<int> helpers = engine_.helpers();
    const double cpu = cpu_seconds(helpers);
    const auto start = Watch::now();
    auto before = start;
    const auto end = start + std::chrono::duration_cast<Watch::duration>(std::chrono::duration<double>(seconds));
    while (before < end) {
      engine_.search(configuration, queries[next]);
      next = next + 1 == queries.size() ? 0 : next + 1;
      const auto now = Watch::now();
      times_.push_back(std::chrono::duration<float, std::micro>(now - before).count());
      before = now;
    }
    const double all = std::chrono::duration<double>(before - start).count();
    const double worked = cpu_seconds(helpers) - cpu;
    const auto at = [&](double share) {
      const auto place = times_.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(times_.size() - 1));
      std::nth_element(times_.begin(), place, times_.end());
      return static_cast<double>(*place);
    };
    const auto count = static_cast<double>(times_.size());
    return Json::object({{"qps", count / all}, {"cpu_us", 1e6 * worked / count}, {"p50_us", at(0.5)},
                         {"p99_us", at(0.99)}});
  }

  Json check_points(std::size_t configuration) {
    std::int64_t wrong = 0;
    for (const Point& point : corpus_.points) {
      engine_.look_up(configuration, point);
      std::vector<std::uint32_t> units = engine_.units();
      std::sort(units.begin(), units.end());
      wrong += units == point.units ? 0 : 1;
    }
    return Json::object({{"points", corpus_.points.size()}, {"wrong_authority", wrong}});
  }

  Json point_speed(std::size_t configuration, double seconds) {
    if (corpus_.points.empty()) return Json::object({{"points_per_s", 0.0}, {"cpu_us", 0.0}});
    constexpr std::size_t at_once = 64;   // so that reading the clock costs nothing
    std::size_t done = 0;
    const std::vector<int> helpers = engine_.helpers();
    const double cpu = cpu_seconds(helpers);
    const auto start = Watch::now();
    double spent = 0;
    while ((spent = seconds_since(start)) < seconds) {
      for (std::size_t i = 0; i < at_once; ++i) {
        sink_ = sink_ + engine_.look_up(configuration, corpus_.points[next_point_]);
        next_point_ = next_point_ + 1 == corpus_.points.size() ? 0 : next_point_ + 1;
      }
      done += at_once;
    }
    const double worked = cpu_seconds(helpers) - cpu;
    return Json::object({{"points_per_s", static_cast<double>(done) / spent},
                         {"cpu_us", 1e6 * worked / static_cast<double>(done)}});
  }

  Engine& engine_;
  const Corpus& corpus_;
  std::vector<std::size_t> next_query_;
  std::size_t next_point_ = 0;
  std::vector<float> times_;
  volatile std::size_t sink_ = 0;
};

void serve(const MakeEngine& make, const Corpus& corpus, const EngineSettings& settings, std::FILE* in,
           std::FILE* out) {
  const auto tell = [&](const Json& json) {
    std::fprintf(out, "%s\n", json.to_canonical().c_str());
    std::fflush(out);
  };
  const double before = private_mb();
  const std::unique_ptr<Engine> engine = make();
  const auto start = Watch::now();
  engine->build(corpus, settings);
  const double build_s = seconds_since(start);
  Server server(*engine, corpus);
  // Memory is counted warm: after each query and each point once, in the first configuration.
  for (std::size_t kind = 0; kind < corpus.kinds.size(); ++kind) server.answer("evaluate 0 " + std::to_string(kind));
  server.answer("check_points 0");
  double resident = private_mb() - before;
  for (const int helper : engine->helpers()) resident += proportional_mb(helper);
  const double cached = cached_mb(engine->files());
  if (settings.alternatives) engine->build_alternatives(corpus);
  tell(Json::object({{"build_s", build_s}, {"configurations", words_of(engine->configurations())},
                     {"files_cached_mb", cached}, {"resident_mb", resident},
                     {"point_configurations", words_of(engine->point_configurations())}, {"setup", engine->setup()}}));
  char* line = nullptr;
  std::size_t size = 0;
  while (::getline(&line, &size, in) > 0 && std::string_view(line) != "quit\n") tell(server.answer(line));
  std::free(line);
}

}  // namespace

void give_up(const std::string& message) {
  std::fprintf(stderr, "\nbench/compare: %s\n", message.c_str());
  std::exit(1);
}

Worker::Worker(std::string name, const MakeEngine& make, const Corpus& corpus, const EngineSettings& settings, int core)
    : name_(std::move(name)) {
  int down[2], up[2];
  if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0) give_up("no pipe");
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) give_up("fork failed");
  if (pid_ == 0) {
    ::close(down[1]);
    ::close(up[0]);
    if (core >= 0) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(core, &one);
      ::sched_setaffinity(0, sizeof one, &one);
    }
    int status = 0;
    try {
      serve(make, corpus, settings, ::fdopen(down[0], "r"), ::fdopen(up[1], "w"));
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "\nbench/compare: %s: %s\n", name_.c_str(), failure.what());
      status = 1;
    } catch (...) {   // Xapian's errors have a base of their own
      std::fprintf(stderr, "\nbench/compare: %s failed\n", name_.c_str());
      status = 1;
    }
    std::fflush(nullptr);
    ::_exit(status);
  }
  ::close(down[0]);
  ::close(up[1]);
  to_ = ::fdopen(down[1], "w");
  from_ = ::fdopen(up[0], "r");
  built_ = ask("");
}

Worker::~Worker() {
  std::fputs("quit\n", to_);   // later children hold this pipe too: closing it would not tell
  std::fclose(to_);
  std::fclose(from_);
  ::waitpid(pid_, nullptr, 0);
}

Json Worker::ask(const std::string& line) {
  if (!line.empty()) {
    std::fprintf(to_, "%s\n", line.c_str());
    std::fflush(to_);
  }
  char* text = nullptr;
  std::size_t size = 0;
  const auto length = ::getline(&text, &size, from_);
  if (length <= 0) give_up(name_ + " ended early");
  auto json = parse_json({text, static_cast<std::size_t>(length)}, name_);
  std::free(text);
  if (!json) give_up(json.error().text());
  return *json;
}

Json Worker::evaluate(std::size_t configuration, std::size_t kind) {
  return ask("evaluate " + std::to_string(configuration) + " " + std::to_string(kind));
}
Json Worker::speed(std::size_t configuration, std::size_t kind, double seconds) {
  return ask("speed " + std::to_string(configuration) + " " + std::to_string(kind) + " " + std::to_string(seconds));
}
Json Worker::check_points(std::size_t configuration) { return ask("check_points " + std::to_string(configuration)); }
Json Worker::point_speed(std::size_t configuration, double seconds) {
  return ask("point_speed " + std::to_string(configuration) + " " + std::to_string(seconds));
}

}  // namespace verbund::bench
