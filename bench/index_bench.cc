// SPDX-License-Identifier: EUPL-1.2
// The life of the index at full size: build, start from the file, who is responsible, what is offered, changes while
// queries are answered. index_bench NODE_FOLDER [CHANGES.ndjson QUERIES.tsv [SECONDS]]: writes to the node, give a copy. The changes alone, over
// the index kept there: index_bench --changes NODE_FOLDER CHANGES QUERIES [SECONDS [CHANGES/S [QUERIES/S [PER COMMIT]]]].
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "change_load.h"
#include "node_store.h"
#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/finder/snapshot_state.h"

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

// Everything but the changes is left out: the kept index is mapped, or built if there is none.
int only_changes(store::Database& database, const std::string& index, const std::vector<std::string>& words) {
  Finder finder(database, index);
  const auto number = [&](std::size_t at, int otherwise) { return words.size() > at ? std::atoi(words[at].c_str()) : otherwise; };
  const bench::ChangePlan plan{number(3, 20), number(4, 1000), number(5, 10'000), number(6, 50)};
  bench::change_and_ask(database, finder, bench::read_changes(words[1]), bench::read_queries(words[2]), plan);
  print_memory("after the changes");
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view first = count < 2 ? "-" : words[1];
  if (first.starts_with("-") && first != "--changes") {
    std::fputs("usage: index_bench NODE ...   or index_bench --changes NODE CHANGES QUERIES [SECONDS]\n"
               "It changes the node: give it a copy. What it measures: docs/performance.md.\n", stderr);
    return 2;
  }
  const bool changes_only = std::string_view(words[1]) == "--changes";
  if (changes_only) {
    --count;
    ++words;
    if (count < 4) return 2;
  }
  const std::string folder = words[1], index = folder + "/index";
  auto database = bench::open_node(folder);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().text().c_str());
    return 1;
  }
  if (changes_only) return only_changes(**database, index, {words + 1, words + count});
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
    const std::vector<std::string> queries = bench::read_queries(words[3]);
    ask_in_threads(finder, queries);
    const bench::ChangePlan plan{count >= 5 ? std::atoi(words[4]) : 20};
    bench::change_and_ask(**database, finder, bench::read_changes(words[2]), queries, plan);
    print_memory("after the changes");
  }
  return 0;
}
