// SPDX-License-Identifier: EUPL-1.2
// Durable single writes, one transaction for each changed object, from several threads: store_bench LOCATION SECONDS
// [THREADS]. LOCATION: a SQLite file or the URL of a PostgreSQL database. Prints writes a second, p50 and p99 in ms.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "directory/objects/object_store.h"
#include "kits/store/store.h"

namespace {

using namespace verbund;
using SteadyClock = std::chrono::steady_clock;

constexpr int objects = 1'000;

directory::Responsibility responsibility(int number, std::int64_t edition) {
  directory::Responsibility out;
  out.id = {"bench", std::to_string(300'000'000 + number)};
  out.holder = {"bench", "100000000"};
  out.service = {"bench", std::to_string(100'000'000 + edition)};
  out.role = "01";
  return out;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "store_bench LOCATION SECONDS [THREADS]\n"), 2;
  const std::chrono::duration<double> time(std::atof(words[2]));
  const int threads = count > 3 ? std::atoi(words[3]) : 1;
  auto database = store::Database::open({.path = words[1]}, directory::directory_migrations());
  if (!database) return std::fprintf(stderr, "%s\n", database.error().text().c_str()), 1;
  const auto put = [&](int number, std::int64_t edition) {
    const auto done = (*database)->write([&](store::Connection& connection) -> Result<void> {
      const Instant now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
      directory::ObjectStore(connection).put(responsibility(number, edition), "bench", now);
      return {};
    }, store::Again::yes);
    if (!done) std::abort();
  };
  for (int number = 0; number < objects; ++number) put(number, 0);
  std::mutex mutex;
  std::vector<double> took;
  std::atomic<std::int64_t> edition{1};
  const auto begin = SteadyClock::now();
  std::vector<std::thread> all;
  for (int thread = 0; thread < threads; ++thread)
    all.emplace_back([&] {
      std::vector<double> mine;
      while (SteadyClock::now() - begin < time) {
        const auto start = SteadyClock::now();
        const std::int64_t mark = edition++;
        put(static_cast<int>(mark % objects), mark);
        mine.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count());
      }
      const std::lock_guard lock(mutex);
      took.insert(took.end(), mine.begin(), mine.end());
    });
  for (auto& thread : all) thread.join();
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  std::sort(took.begin(), took.end());
  std::printf("RESULT %.1f %.2f %.2f\n", static_cast<double>(took.size()) / seconds, took[took.size() / 2],
              took[took.size() * 99 / 100]);
}
