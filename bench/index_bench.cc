// SPDX-License-Identifier: EUPL-1.2
// The life of the index at full size: build, start from the file, who is responsible, what is offered, changes while
// queries are answered. index_bench NODE_FOLDER [CHANGES.ndjson QUERIES.tsv [SECONDS]]: writes to the node, give a copy.
#include <malloc.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "node_store.h"
#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/finder/snapshot_state.h"
#include "directory/objects/object_store.h"
#include "kits/json/json.h"

namespace {

using namespace verbund;
using namespace verbund::directory;
using Time = std::chrono::steady_clock;

// Of this thread: what else the machine does is not counted.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double since(Time::time_point begin) { return std::chrono::duration<double>(Time::now() - begin).count(); }

// VmRSS in MiB, of it from files.
void print_memory(const char* when) {
  ::malloc_trim(0);
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS") || line.starts_with("RssFile")) std::printf("  %s %s KiB\n", when, line.c_str());
  }
}

void look_up(const Snapshot& snapshot) {
  const auto& state = snapshot.state();
  std::mt19937_64 random(1);
  std::vector<finder::ResponsibilityIndex::Place> places;
  state.places->each_current([&](const AreaKey& key) {
    if (key.digits().size() == 12) places.push_back(state.responsibilities.place(key));
  });
  constexpr std::size_t many = 4'000'000;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> asked(many);
  for (auto& [service, place] : asked) {
    service = static_cast<std::uint32_t>(random() % state.services.size());
    place = static_cast<std::uint32_t>(random() % places.size());
  }
  finder::ResponsibilityIndex::Scratch scratch;
  for (int round = 0; round < 3; ++round) {
    std::size_t found = 0;
    const auto begin = Time::now();
    const double cpu = cpu_seconds();
    for (const auto& [service, place] : asked) {
      found += state.responsibilities.responsible(service, places[place], scratch).empty() ? 0 : 1;
    }
    const double took = since(begin), own = cpu_seconds() - cpu;
    std::printf("responsible unit: %.2f million/s, %.2f per second of CPU (%zu of %zu answered)\n", many / took / 1e6,
                many / own / 1e6, found, many);
  }
  std::size_t bits = 0;
  const double begin = cpu_seconds();
  constexpr std::size_t times = 400'000;
  for (std::size_t i = 0; i < times; ++i) {
    const auto offered = state.responsibilities.offered(places[asked[i].second], scratch);
    bits += offered.here.size() + (offered.here.empty() ? 0 : offered.here[i % offered.here.size()] & 1);
  }
  std::printf("offered at a place: %.0f ns of CPU (%zu)\n", (cpu_seconds() - begin) / times * 1e9, bits);
}

// What nobody means well with: the slowest of several calls each, wanted below 5 ms.
void ask_hostile(const Snapshot& snapshot) {
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  std::string words, numbers;
  for (int i = 0; i < 10'000; ++i) {
    words += "wort" + std::to_string(i) + " ";
    numbers += std::to_string(i) + ".";
  }
  const std::pair<const char*, std::string> hostile[] = {
      {"10 MB of a", std::string(10'000'000, 'a')},
      {"10 MB of words", repeated("anmeldung verlaengern ", 460'000)},
      {"combining marks only", repeated("\xCC\x81", 100'000)},
      {"a letter with many marks", "a" + repeated("\xCC\x81\xCC\xA7", 100'000)},
      {"10,000 words", words},
      {"10,000 numbers", numbers},
      {"right to left", repeated("\xE2\x80\xAE\xD7\xA9\xD7\x9C ", 10'000)},
      {"NUL", std::string("Hund\0esteuer\0", 13)},
      {"64 KiB of one letter", std::string(65'536, 'x')},
      {"a compound without end", repeated("hundesteuer", 6'000)},
      {"near misses of everything", "ameldnug verlngerung bescheinigng genemigung erlaubnsi zulasung besttigung antrga unterlgen"},
      {"beginnings of everything", "a b c d e f g h i k l m n o p r s t u v w z an be ge ve ab au"},
      {"not UTF-8", repeated("\xff\xfe\xed\xa0\x80", 1'000)}};
  const AreaKey place = *AreaKey::parse("05315");
  for (const auto& [name, query] : hostile) {
    double searching = 0, suggesting = 0, places = 0, explaining = 0;
    SearchAnswer answer;
    const auto slowest = [](double& so_far, const auto& work) {
      const double begin = cpu_seconds();
      work();
      so_far = std::max(so_far, (cpu_seconds() - begin) * 1e3);
    };
    for (int i = 0; i < 5; ++i) {
      slowest(searching, [&] { snapshot.search({query, place, 10, 0}, answer); });
      slowest(suggesting, [&] { snapshot.suggest(query, place, 8); });
      slowest(places, [&] { snapshot.find_places(query, 10); });
      slowest(explaining, [&] { snapshot.explain({query, place, 10, 0}); });
    }
    std::printf("hostile: %-26s search %.2f ms, suggest %.2f ms, places %.2f ms, explain %.2f ms\n", name, searching,
                suggesting, places, explaining);
  }
}

// Against the answers that come with the workload: service, area, role, units.
void check_points(const Snapshot& snapshot, const std::string& path) {
  std::ifstream in(path);
  std::size_t points = 0, wrong = 0;
  for (std::string line; std::getline(in, line);) {
    const auto cells = split(line, '\t');
    if (cells.size() < 4 || cells[0] == "service") continue;
    const auto service = parse_external_id(ObjectKind::service, cells[0]);
    const auto area = AreaKey::parse(cells[1]);
    if (!service || !area) continue;
    std::vector<std::string> wanted, got;
    for (const std::string_view unit : split(cells[3], ',')) {
      if (!unit.empty()) wanted.emplace_back(unit);
    }
    for (const ResponsibleUnits& role : snapshot.at_place(*service, *area).roles) {
      if (role.role != cells[2]) continue;
      for (const AuthorityBrief& unit : role.units) got.push_back(external_id(ObjectKind::unit, unit.id));
    }
    std::sort(wanted.begin(), wanted.end());
    std::sort(got.begin(), got.end());
    ++points;
    wrong += wanted != got ? 1 : 0;
  }
  std::printf("points: %zu, wrong %zu\n", points, wrong);
}

struct Write {
  ObjectKind kind;
  ObjectId id;
  std::string body;   // "": withdrawn
};

std::vector<Write> read_changes(const std::string& path) {
  std::vector<Write> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto json = parse_json(line, path);
    if (!json) continue;
    const Json* body = json->find("body");
    const std::string named = body != nullptr ? std::string(body->text_or("id")) : std::string(json->text_or("id"));
    const auto id = parse_external_id(named);
    if (!id) continue;
    out.push_back({id->first, id->second, body != nullptr ? body->to_canonical() : std::string()});
  }
  return out;
}

// The whole search as often as it goes, by one thread and by two, wall clock; each takes the snapshot anew for a query.
void ask_in_threads(const Finder& finder, const std::vector<std::string>& queries) {
  constexpr double seconds = 2;
  std::vector<AreaKey> areas;
  finder.snapshot()->state().places->each_current([&](const AreaKey& key) {
    if (key.digits().size() == 12) areas.push_back(key);
  });
  double alone = 0;
  for (const unsigned count : {1U, 2U, 1U, 2U}) {
    std::atomic<std::size_t> asked = 0;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < count; ++t) {
      threads.emplace_back([&, t] {
        std::mt19937_64 random(t);
        SearchAnswer answer;
        std::size_t own = 0;
        for (const auto begin = Time::now(); since(begin) < seconds; ++own) {
          const auto snapshot = finder.snapshot();
          snapshot->search({queries[random() % queries.size()], areas[random() % areas.size()], 10, 0}, answer);
        }
        asked += own;
      });
    }
    for (std::thread& thread : threads) thread.join();
    const double rate = static_cast<double>(asked) / seconds;
    if (count == 1) alone = rate;
    std::printf("%u thread(s): %.0f queries/s%s", count, rate, count == 1 ? "\n" : "");
    if (count == 2) std::printf(", %.2f times one\n", rate / alone);
  }
}

void change_and_ask(store::Database& database, Finder& finder, const std::vector<Write>& changes,
                    const std::vector<std::string>& queries, int seconds) {
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> committed = finder.snapshot()->sequence();
  std::vector<double> visible;
  std::thread refresher([&] {
    std::int64_t seen = -1;
    while (!stop) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      const std::int64_t version = database.version();
      if (version == seen) continue;
      seen = version;
      finder.refresh();
    }
  });
  std::vector<double> latencies;
  std::thread asker([&] {
    ::prctl(PR_SET_TIMERSLACK, 1);   // nanosecond
    SearchAnswer answer;
    std::mt19937_64 random(2);
    const auto begin = Time::now();
    std::vector<AreaKey> areas;
    finder.snapshot()->state().places->each_current([&](const AreaKey& key) {
      if (key.digits().size() == 12) areas.push_back(key);
    });
    for (std::size_t i = 0; !stop; ++i) {   // 10,000 a second, timed from when each was due
      const auto due = begin + std::chrono::microseconds(100 * i);
      // Sleeping leaves the core to the others, as a server waiting for its next request does.
      if (Time::now() < due) std::this_thread::sleep_until(due);
      finder.snapshot()->search({queries[random() % queries.size()], areas[random() % areas.size()], 10, 0}, answer);
      latencies.push_back(std::chrono::duration<double, std::micro>(Time::now() - due).count());
    }
  });
  const auto begin = Time::now();
  std::size_t at = 0;
  constexpr std::size_t per_commit = 50;
  std::vector<std::pair<std::int64_t, Time::time_point>> waiting;
  while (since(begin) < seconds && at + per_commit < changes.size()) {
    const bool written = database.write([&](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      for (std::size_t i = 0; i < per_commit; ++i, ++at) {
        const Write& one = changes[at];
        if (one.body.empty()) objects.withdraw(one.kind, one.id, SystemClock().now());
        else objects.put_body(one.kind, one.id, one.body, "bench", SystemClock().now());
      }
      committed = objects.last_sequence();
      return {};
    }).has_value();
    if (!written) break;
    const auto done = Time::now();
    while (finder.snapshot()->sequence() < committed && since(done) < 20) std::this_thread::sleep_for(std::chrono::microseconds(500));
    visible.push_back(since(done) * 1e3);
    const double ahead = static_cast<double>(at) / 1000 - since(begin);
    if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
  }
  const double took = since(begin);
  stop = true;
  refresher.join();
  asker.join();
  const auto at_part = [](std::vector<double>& list, double part) {
    std::sort(list.begin(), list.end());
    return list.empty() ? 0.0 : list[static_cast<std::size_t>(part * static_cast<double>(list.size() - 1))];
  };
  std::printf("%.0f changes/s for %.1f s; visible after p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
              static_cast<double>(at) / took, took, at_part(visible, 0.5), at_part(visible, 0.99), at_part(visible, 1));
  std::printf("%.0f queries/s meanwhile: p50 %.0f us, p99 %.0f us\n", static_cast<double>(latencies.size()) / took,
              at_part(latencies, 0.5), at_part(latencies, 0.99));
  const auto status = finder.status();
  std::printf("changed services %zu, own memory %zu KiB, built up to %ld of %ld\n", status.changed_services,
              status.own_bytes / 1024, static_cast<long>(status.built_sequence), static_cast<long>(status.sequence));
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const std::string folder = words[1], index = folder + "/index";
  auto database = bench::open_node(folder);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().text().c_str());
    return 1;
  }
  std::filesystem::remove_all(index);
  {
    const auto begin = Time::now();
    const double cpu = cpu_seconds();
    const Finder finder(**database, index);
    const auto status = finder.status();
    std::printf("build %.2f s (%.2f s of CPU on this thread), with saving and mapping %.2f s; file %zu MiB %s\n", status.build_seconds, cpu_seconds() - cpu, since(begin),
                status.file_bytes >> 20, status.trouble.c_str());
    print_memory("after the build");
  }
  const auto begin = Time::now();
  Finder finder(**database, index);
  std::printf("start from the file %.3f s\n", since(begin));
  print_memory("after the start");
  const auto sizes = finder.snapshot()->sizes();
  std::printf("%zu services, %zu units, %zu online services, %zu responsibilities, %zu words\n", sizes.services,
              sizes.units, sizes.online_services, sizes.responsibilities, sizes.terms);
  look_up(*finder.snapshot());
  ask_hostile(*finder.snapshot());
  if (count >= 4) {
    check_points(*finder.snapshot(), std::filesystem::path(words[2]).parent_path() / "points.tsv");
    std::vector<std::string> queries;
    std::ifstream in(words[3]);
    for (std::string line; std::getline(in, line);) {
      if (!line.empty() && line[0] != '#') queries.push_back(line.substr(0, line.find('\t')));
    }
    ask_in_threads(finder, queries);
    change_and_ask(**database, finder, read_changes(words[2]), queries, count >= 5 ? std::atoi(words[4]) : 20);
    print_memory("after the changes");
  }
  return 0;
}
