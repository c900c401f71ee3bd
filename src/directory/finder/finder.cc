// SPDX-License-Identifier: EUPL-1.2
// The life of a snapshot: mapped or built, brought up to date, built anew beside itself.
#include "directory/finder/finder.h"

#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "base/check.h"
#include "base/turns.h"
#include "directory/finder/index_writer.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {
namespace {

constexpr double at_once_seconds = 0.25;          // what builds quicker is not built in the background
constexpr int tries_for_two = 20;                 // to find both connections at the same state
constexpr auto abandoned_after = std::chrono::hours(1);

struct Loaded {
  BuiltSnapshot built;
  std::optional<IndexWriter> writer;   // over it, up to date or nearly; nullopt: to be made
  bool mapped = false;
  double seconds = 0;            // of the build
  std::size_t file_bytes = 0;
  std::string trouble;
};

std::size_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

// What a program that was killed while it saved has left beside the file.
void clear_abandoned(const std::string& path) {
  std::error_code error;
  const std::filesystem::path file(path);
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(file.filename().string() + ".")) continue;
    const auto written = entry.last_write_time(error);
    if (!error && std::filesystem::file_time_type::clock::now() - written > abandoned_after) {
      std::filesystem::remove(entry.path(), error);
    }
  }
}

BuiltSnapshot build(store::Database& database, Instant now) {
  std::optional<BuiltSnapshot> out;
  for (int i = 0; i < tries_for_two && !out; ++i) {
    database.read([&](store::Connection& first) {
      database.read([&](store::Connection& second) {
        if (ObjectStore(first).last_sequence() != ObjectStore(second).last_sequence()) return;
        if (AreaStore(first).state() != AreaStore(second).state()) return;
        out = build_snapshot(first, &second, now);
      });
    });
  }
  // Somebody writes without a pause: one after the other then.
  if (!out) database.read([&](store::Connection& only) { out = build_snapshot(only, nullptr, now); });
  ::malloc_trim(0);
  return std::move(*out);
}

// Builds, keeps the result and stands on the file from then on: what is mapped needs no memory of its own.
Loaded build_and_keep(store::Database& database, const std::string& path, Instant now) {
  Loaded out;
  const auto begin = std::chrono::steady_clock::now();
  out.built = build(database, now);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (path.empty()) return out;
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  clear_abandoned(path);
  if (auto saved = save_snapshot(out.built, path); !saved) {
    out.trouble = saved.error().text();
    return out;
  }
  database.read([&](store::Connection& connection) {
    auto mapped = map_snapshot(connection, path, now);
    if (!mapped || mapped->snapshot->sequence() != out.built.snapshot->sequence()) return;   // another one's by now
    out.built = std::move(*mapped);
    out.mapped = true;
  });
  out.file_bytes = size_of(path);
  ::malloc_trim(0);
  return out;
}

// What was written while a build went on is taken over beside the readers too, so that the swap is short.
void catch_up(store::Database& database, Loaded& loaded, Instant now) {
  constexpr std::size_t at_once = 500, near_enough = 100;
  constexpr int most_rounds = 500;   // somebody writes faster than we read: the rest is the next refresh's
  loaded.writer.emplace(loaded.built.snapshot, loaded.built.tables);
  std::size_t left = near_enough + 1;
  try {
    for (int round = 0; round < most_rounds && left > near_enough; ++round) {
      database.read([&](store::Connection& connection) { left = loaded.writer->catch_up(connection, now, at_once); });
    }
  } catch (const store::Failure&) {
    return;   // each round is whole or not at all; a refresh goes on from there and says why, if it cannot
  }
}

}  // namespace

struct Finder::Work {
  // What readers take. Held for as long as it takes to copy a pointer: std::atomic<std::shared_ptr> is the same in
  // libstdc++ 12, but there a reader lets go relaxed (shared_ptr_atomic.h, load): a race by the rules.
  mutable std::mutex holding;
  std::shared_ptr<const Snapshot> current;
  std::shared_ptr<const Snapshot> load() const {
    const std::lock_guard guard(holding);
    return current;
  }
  void publish(Instant now) {
    {
      const std::lock_guard guard(told);
      status.renewed = now;
    }
    std::shared_ptr<const Snapshot> next = writer->snapshot();
    {
      const std::lock_guard guard(holding);
      current.swap(next);
    }
    if (next) retired.push_back(std::move(next));
  }

  std::string path;                            // of the file, or ""
  std::mutex turn;                             // one refresh at a time
  std::optional<IndexWriter> writer;
  // Snapshots that readers may still hold: the last one to let go would have to clear up, so they are let go here.
  std::vector<std::shared_ptr<const Snapshot>> retired;
  std::optional<IndexWriter> replaced;

  mutable std::mutex told;                     // guards the status: who asks waits for no refresh
  Status status{};

  std::mutex result;                           // guards the two below
  std::optional<Loaded> finished;
  std::exception_ptr failure;
  std::atomic<bool> building = false;
  std::thread builder;

  // Afterwards: publish(), then clear_up().
  void take(Loaded loaded) {
    if (writer) replaced = std::move(writer);
    if (loaded.writer) writer = std::move(loaded.writer);
    else writer.emplace(loaded.built.snapshot, loaded.built.tables);
    const std::lock_guard guard(told);
    status.built_sequence = loaded.built.snapshot->sequence();
    status.built = loaded.built.snapshot->state().as_of;
    status.mapped = loaded.mapped;
    status.file_bytes = loaded.file_bytes;
    status.trouble = loaded.trouble;
    if (loaded.seconds > 0) status.build_seconds = loaded.seconds;
  }

  void clear_up() {
    replaced.reset();
    std::erase_if(retired, [](const std::shared_ptr<const Snapshot>& old) { return old.use_count() == 1; });
  }
};

Finder::Finder(store::Database& database, std::string folder, Instant now)
    : database_(database), work_(std::make_unique<Work>()) {
  work_->path = index_path(folder);
  Work& work = *work_;
  if (!work.path.empty()) {
    database_.read([&](store::Connection& connection) {
      auto mapped = map_snapshot(connection, work.path, now);
      if (!mapped) return;
      work.take({std::move(*mapped), std::nullopt, true, 0, size_of(work.path), {}});
      // Too much has happened since: a build it is.
      if (work.writer->advance(connection, now) == IndexWriter::Outcome::build_anew) work.writer.reset();
    });
  }
  if (!work.writer) work.take(build_and_keep(database_, work.path, now));
  work.publish(now);
}

Finder::~Finder() {
  if (work_->builder.joinable()) work_->builder.join();
}

std::shared_ptr<const Snapshot> Finder::snapshot() const { return work_->load(); }

void Finder::rebuild(Instant now) {
  const std::lock_guard lock(work_->turn);
  work_->take(build_and_keep(database_, work_->path, now));
  work_->publish(now);
  work_->clear_up();
}

bool Finder::refresh(Instant now) {
  Work& work = *work_;
  const std::lock_guard lock(work.turn);
  std::optional<Loaded> finished;
  std::exception_ptr failure;
  if (!work.building && work.builder.joinable()) {
    work.builder.join();
    const std::lock_guard guard(work.result);
    finished = std::exchange(work.finished, std::nullopt);
    failure = std::exchange(work.failure, nullptr);
  }
  if (failure) std::rethrow_exception(failure);
  // What is taken over stays with the writer: should the store not be readable now, the next call goes on from there.
  if (finished) work.take(std::move(*finished));
  auto outcome = IndexWriter::Outcome::unchanged;
  database_.read([&](store::Connection& connection) { outcome = work.writer->advance(connection, now); });
  double built_in = 0;
  {
    const std::lock_guard guard(work.told);
    built_in = work.status.build_seconds;
  }
  const bool due = outcome == IndexWriter::Outcome::build_anew || work.writer->wants_build();
  if (due && !work.building) {
    if (built_in > 0 && built_in < at_once_seconds) {
      work.take(build_and_keep(database_, work.path, now));
    } else {
      work.building = true;
      work.builder = std::thread([this, &work, now] {
        yield_to_others();
        std::optional<Loaded> loaded;
        std::exception_ptr trouble;
        try {
          loaded = build_and_keep(database_, work.path, now);
          catch_up(database_, *loaded, now);
        } catch (...) {
          trouble = std::current_exception();
        }
        const std::lock_guard guard(work.result);
        work.finished = std::move(loaded);
        work.failure = trouble;
        work.building = false;
      });
    }
  }
  const bool newer = work.load() != work.writer->snapshot();
  if (newer) work.publish(now);
  work.clear_up();
  return newer;
}

Finder::Status Finder::status() const {
  const auto now = work_->load();
  Status out;
  {
    const std::lock_guard lock(work_->told);
    out = work_->status;
  }
  out.sequence = now->sequence();
  out.building = work_->building;
  out.bytes = now->bytes();
  out.own_bytes = now->own_bytes();
  out.changed_services = now->state().text.changed();
  out.services = now->sizes().services;
  out.words = now->sizes().terms;
  return out;
}

}  // namespace verbund::directory
