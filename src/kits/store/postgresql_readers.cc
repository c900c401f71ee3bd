// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/postgresql_readers.h"

#include <utility>

namespace verbund::store::postgresql {
namespace {

constexpr int confirm_within_ms = 5'000;
// Of a server that is not the only one, for who may be served by another: a page does not wait until one that hangs is
// replaced, which takes a cluster 20 s, and all who answer wait with it.
constexpr int begins_within_ms = 2'000;
constexpr int answers_within_ms = 5'000;
constexpr const char* behind = "store: the server only reads, and is behind what is known here";

}  // namespace

Readers::Readers(const Options& options, Connections::Shared* shared)
    : several_(each_host(options.path).size() > 1), own_(shared ? nullptr : std::make_unique<Own>(options, known_)),
      server_(shared ? shared->server : own_->server), pool_(shared ? shared->readers : own_->pool),
      anywhere_(shared ? shared->anywhere : own_->anywhere),
      anywhere_pool_(shared ? shared->anywhere_readers : own_->anywhere_pool) {}

bool Readers::readable() const { return server_.trouble().empty() || anywhere_.answers(); }

void Readers::knows(std::int64_t state) {
  for (std::int64_t known = known_; known < state && !known_.compare_exchange_weak(known, state);) {
  }
}

// A connection to the server that writes shows all that was seen before. If not, another one writes by now, or did and
// was lost with changes that no replica had: then what is there counts, once a replica, if there is one, confirms it.
bool Readers::is_current(PgConnection& reader, std::int64_t least, bool fresh) {
  const std::int64_t state = begin_reading(reader);
  if (state >= least) {
    knows(state);
    return true;
  }
  reader.execute("ROLLBACK");
  if (!fresh) return false;
  reader.link().answer_within(confirm_within_ms);
  reader.execute(something_to_commit);
  if (reader.link().warned()) throw Lost("store: the server that writes is behind, and no replica confirms it");
  reader.link().answer_within(server_.options().answer_timeout_ms);
  known_.compare_exchange_strong(least, state);
  knows(begin_reading(reader));
  return true;
}

// A connection within a transaction that sees one state; on another server than the one that writes none that is older
// than what is known.
Readers::Taken Readers::begin(Server& server, Pool& pool, bool hasty) {
  const bool writes = &server == &server_;
  const int patient_ms = server.options().answer_timeout_ms;
  for (bool first = true; true; first = false) {
    auto reader = pool.take(server.options().reader_wait_ms, own_ ? std::string() : schema_);
    try {
      reader->link().answer_within(hasty ? begins_within_ms : patient_ms);
      if (!own_) reader->link().enter(schema_);
      const std::int64_t least = known_;   // before the transaction begins: what others see meanwhile is no older one
      if (writes ? is_current(*reader, least, !first) : begin_reading(*reader) >= least) {
        reader->link().answer_within(hasty ? answers_within_ms : patient_ms);
        return reader;
      }
      if (writes || own_) throw Lost(behind);
      give_back(pool, std::move(reader));   // it may have all of the other databases
      throw Unavailable(behind);
    } catch (const Silent& silent) {
      pool.give(nullptr);
      pool.forget_idle();
      server.is_away(silent.what());
      throw;
    } catch (const Lost& lost) {
      pool.give(nullptr);
      reader.reset();
      if (!first) {
        server.is_away(lost.what());
        throw;
      }
      pool.forget_idle();   // they were made before the server went and came back
    } catch (...) {
      if (reader) pool.give(nullptr);
      throw;
    }
  }
}

void Readers::work_on(Taken reader, Server& server, Pool& pool, const std::function<void(Connection&)>& work) {
  try {
    work(*reader);
    reader->execute("COMMIT");
  } catch (const Lost& lost) {
    pool.give(nullptr);
    pool.forget_idle();
    server.is_away(lost.what());
    throw;
  } catch (const Refused& refused) {
    give_back(pool, std::move(reader));
    if (refused.passes()) throw Unavailable(refused.what());
    throw;
  } catch (...) {
    give_back(pool, std::move(reader));
    throw;
  }
  pool.give(std::move(reader));
}

void Readers::give_back(Pool& pool, Taken reader) {
  try {
    reader->execute("ROLLBACK");
  } catch (const Failure&) {
    reader.reset();
  }
  pool.give(std::move(reader));
}

void Readers::read(const std::function<void(Connection&)>& work) {
  work_on(begin(server_, pool_, false), server_, pool_, work);
}

void Readers::read_anywhere(const std::function<void(Connection&)>& work) {
  Taken reader;
  if (server_.trouble().empty()) {
    if (was_anywhere_.exchange(false)) anywhere_pool_.forget_idle();
    try {
      reader = begin(server_, pool_, several_);
    } catch (const Lost&) {
      // Somewhere else, then.
    } catch (const Refused&) {
    }
    if (reader) return work_on(std::move(reader), server_, pool_, work);
  }
  try {
    reader = begin(anywhere_, anywhere_pool_, several_);
    was_anywhere_ = true;
  } catch (const Failure&) {
    // Connections to the one that writes that are there serve all, or the reason is said.
  }
  if (reader) return work_on(std::move(reader), anywhere_, anywhere_pool_, work);
  read(work);
}

void Readers::look() {
  try {
    work_on(begin(anywhere_, anywhere_pool_, several_), anywhere_, anywhere_pool_, [](Connection&) {});
    was_anywhere_ = true;
  } catch (const Failure&) {
    // Noted as the trouble.
  }
}

}  // namespace verbund::store::postgresql
