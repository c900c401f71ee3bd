// SPDX-License-Identifier: EUPL-1.2
#include "change_load.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include "base/text.h"
#include "base/turns.h"
#include "directory/finder/snapshot_state.h"
#include "directory/objects/object_store.h"
#include "kits/json/json.h"

namespace verbund::bench {
namespace {

using namespace directory;
using Time = std::chrono::steady_clock;

double cpu_seconds() {   // of this thread
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double since(Time::time_point begin) { return std::chrono::duration<double>(Time::now() - begin).count(); }

double part(std::vector<double>& list, double share) {
  std::sort(list.begin(), list.end());
  return list.empty() ? 0.0 : list[static_cast<std::size_t>(share * static_cast<double>(list.size() - 1))];
}

struct Asked {
  std::vector<double> asked, due;    // us
  double cpu = 0;
  long switched_away = 0;
};

Asked ask(const Finder& finder, const std::vector<std::string>& queries, int rate, const std::atomic<bool>& stop) {
  Asked out;
  ::prctl(PR_SET_TIMERSLACK, 1);   // nanosecond
  take_short_turns();              // as the threads of the server
  out.asked.reserve(4'000'000);
  out.due.reserve(4'000'000);
  std::vector<AreaKey> areas;
  finder.snapshot()->state().places->each_current([&](const AreaKey& key) {
    if (key.digits().size() == 12) areas.push_back(key);
  });
  SearchAnswer answer;
  std::mt19937_64 random(2);
  const double cpu = cpu_seconds();
  const auto begin = Time::now();
  for (std::size_t i = 0; !stop; ++i) {
    const auto due = begin + std::chrono::nanoseconds(1'000'000'000 / rate * static_cast<long>(i));
    // Sleeping leaves the core to the others, as a server waiting for its next request does.
    if (Time::now() < due) std::this_thread::sleep_until(due);
    const std::string& query = queries[random() % queries.size()];
    const AreaKey area = areas[random() % areas.size()];
    const auto start = Time::now();
    finder.snapshot()->search({query, area, 10, 0}, answer);
    const auto end = Time::now();
    out.asked.push_back(std::chrono::duration<double, std::micro>(end - start).count());
    out.due.push_back(std::chrono::duration<double, std::micro>(end - due).count());
  }
  out.cpu = cpu_seconds() - cpu;
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  out.switched_away = used.ru_nivcsw;
  return out;
}

struct Renewed {
  std::vector<double> took;          // ms
  double cpu = 0;
};

Renewed renew(store::Database& database, Finder& finder, const std::atomic<bool>& stop) {
  Renewed out;
  const double cpu = cpu_seconds();
  for (std::int64_t seen = -1; !stop;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::int64_t version = database.version();
    if (version == seen) continue;
    seen = version;
    const auto begin = Time::now();
    finder.refresh();
    out.took.push_back(since(begin) * 1e3);
  }
  out.cpu = cpu_seconds() - cpu;
  return out;
}

}  // namespace

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

std::vector<std::string> read_queries(const std::string& path) {
  std::vector<std::string> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') out.push_back(line.substr(0, line.find('\t')));
  }
  return out;
}

void change_and_ask(store::Database& database, Finder& finder, const std::vector<Write>& changes,
                    const std::vector<std::string>& queries, const ChangePlan& plan) {
  std::atomic<bool> stop = false;
  Asked asked;
  Renewed renewed;
  std::thread refresher([&] { renewed = renew(database, finder, stop); });
  std::thread asker([&] { asked = ask(finder, queries, plan.queries, stop); });
  std::vector<double> visible, committing;
  const auto begin = Time::now();
  const double cpu = cpu_seconds();
  std::size_t at = 0;
  const auto per_commit = static_cast<std::size_t>(plan.per_commit);
  while (since(begin) < plan.seconds && at + per_commit < changes.size()) {
    const auto writing = Time::now();
    std::int64_t committed = 0;
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
    committing.push_back(std::chrono::duration<double, std::milli>(done - writing).count());
    while (finder.snapshot()->sequence() < committed && since(done) < 20) {
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    visible.push_back(since(done) * 1e3);
    const double ahead = static_cast<double>(at) / plan.changes - since(begin);
    if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
  }
  const double took = since(begin), writer_cpu = cpu_seconds() - cpu;
  stop = true;
  refresher.join();
  asker.join();
  std::printf("%.0f changes/s for %.1f s; visible after p50 %.1f ms, p99 %.1f ms, most %.1f ms\n",
              static_cast<double>(at) / took, took, part(visible, 0.5), part(visible, 0.99), part(visible, 1));
  std::printf("  commit p50 %.1f ms, p99 %.1f ms; renewal p50 %.1f ms, p99 %.1f ms\n", part(committing, 0.5),
              part(committing, 0.99), part(renewed.took, 0.5), part(renewed.took, 0.99));
  std::printf("%.0f queries/s meanwhile\n", static_cast<double>(asked.asked.size()) / took);
  for (auto* list : {&asked.asked, &asked.due}) {
    const auto over = std::count_if(list->begin(), list->end(), [](double us) { return us > 1000; });
    std::printf("  %s p50 %.0f us, p99 %.0f us, p99.9 %.0f us, most %.0f us; over 1 ms %.3f %%\n",
                list == &asked.asked ? "asked" : "due  ", part(*list, 0.5), part(*list, 0.99), part(*list, 0.999),
                part(*list, 1), 100.0 * static_cast<double>(over) / static_cast<double>(list->size()));
  }
  std::printf("  of a core: writing %.2f, renewing %.2f, asking %.2f (taken off it %ld times)\n", writer_cpu / took,
              renewed.cpu / took, asked.cpu / took, asked.switched_away);
  const auto status = finder.status();
  std::printf("changed services %zu, own memory %zu KiB, built up to %ld of %ld\n", status.changed_services,
              status.own_bytes / 1024, static_cast<long>(status.built_sequence), static_cast<long>(status.sequence));
}

}  // namespace verbund::bench
