// SPDX-License-Identifier: EUPL-1.2
#include "network/following/follower.h"

#include <algorithm>
#include <future>
#include <unordered_map>
#include <utility>

#include "network/following/records.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

constexpr std::chrono::seconds note_heard{60};      // how exactly heard_at is kept
constexpr std::chrono::seconds longest_pause{60};   // between two tries for missing bodies
constexpr std::size_t retried_at_once = 256;

struct Item {
  std::uint64_t position = 0;
  Entry entry;
  std::optional<std::string> body;
  std::string refused;                              // why, "" if it is not
  bool wants_body() const { return entry.digest && !body && refused.empty(); }
};

std::string object_key(const Entry& entry) { return entry.kind + " " + entry.agency + " " + entry.local; }

std::unexpected<Fault> as_fault(Result<void>& failed) { return trouble(Trouble::storage, failed.error()); }

}  // namespace

struct Follower::Batch {
  std::vector<Item> items;        // by position; of each object the last one only
  std::uint64_t begin = 0;
  std::uint64_t end = 0;          // the position reached with them
  Instant newest{};
  std::uint64_t copied = 0, announced = 0;   // how far the copy and its publisher were then
  std::string doubt;              // what was not as it should be, though we could go on
};

Follower::Follower(Mirror mirror, store::Database& database, Sink& sink, Rules rules, Options options)
    : mirror_(std::move(mirror)), database_(database), sink_(sink), rules_(std::move(rules)),
      options_(std::move(options)) {}
Follower::~Follower() = default;

Followed<std::unique_ptr<Follower>> Follower::open(std::string folder, store::Database& database, Sink& sink,
                                                   Trust trust, Rules rules, Options options) {
  const std::string origin = trust.key.name;
  auto mirror = Mirror::open(std::move(folder), std::move(trust), options.mirror);
  if (!mirror) return std::unexpected(std::move(mirror.error()));
  std::unique_ptr<Follower> out(
      new Follower(std::move(*mirror), database, sink, std::move(rules), std::move(options)));
  database.read([&](store::Connection& connection) {
    const FollowedStore store(connection);
    if (auto known = store.log(origin)) out->state_ = std::move(*known);
    out->state_.origin = origin;
    out->missing_ = store.missing_count(out->state_.number);
    out->refused_ = store.refused_count(out->state_.number);
  });
  // The copy was removed: what was applied belongs to a history that nobody here remembers.
  if (out->state_.position > 0 && out->mirror_.announced() == 0) out->state_.terms.clear();
  return out;
}

void Follower::change(Trust trust, Rules rules) {
  mirror_.believe(std::move(trust));
  ready_.reset();
  rules_ = std::move(rules);
}

Followed<void> Follower::write(const std::function<void(store::Connection&, FollowedLog&)>& work) {
  FollowedLog next = state_;
  auto done = database_.write([&](store::Connection& connection) -> Result<void> {
    if (options_.may_write) {
      if (auto may = options_.may_write(connection); !may) return may;
    }
    work(connection, next);
    FollowedStore(connection).note(next);
    return {};
  });
  if (!done) return as_fault(done);
  state_ = std::move(next);
  return {};
}

void Follower::note(Trouble what, const std::string& reason, Instant now) {
  const bool heard = what != Trouble::connecting && what != Trouble::away && what != Trouble::storage;
  const bool changed = what != state_.trouble || reason != state_.reason;
  const bool stale = heard && now - state_.heard_at >= note_heard;
  if (!changed && !stale && state_.size == mirror_.announced()) return;
  const auto noted = write([&](store::Connection&, FollowedLog& log) {
    if (what != log.trouble) log.since = now;
    log.trouble = what;
    log.reason = reason;
    log.size = mirror_.announced();
    if (heard) log.heard_at = now;
  });
  (void)noted;   // whatever the store refuses now is noted with the next step
}

void Follower::connecting(Instant now) {
  if (!is_alarm(state_.trouble)) note(Trouble::connecting, {}, now);
}

void Follower::failed(const Fault& fault, Instant now) { note(fault.what, fault.message, now); }

Followed<bool> Follower::step(LogSource& source, std::string_view checkpoint, Instant now) {
  if (!rules_.speaks) return settle(source, now);
  // What lies ready is applied while the copy goes on.
  const auto more = ready_ ? Followed<bool>(true) : mirror_.step(source, checkpoint, now);
  Fault finding;
  auto applied = advance(source, more ? checkpoint : "", now, finding);   // what was proven before is applied in any case
  const auto* fault = !more ? &more.error() : !applied ? &applied.error() : nullptr;
  failed(fault != nullptr ? *fault : finding, now);
  if (fault != nullptr) return std::unexpected(*fault);
  return *more || *applied;
}

Followed<bool> Follower::settle(LogSource& source, Instant now) {
  Fault finding;
  auto done = advance(source, "", now, finding);
  failed(done ? finding : done.error(), now);
  return done;
}

// With `note` the copy may go on meanwhile.
Followed<bool> Follower::advance(LogSource& source, std::string_view note, Instant now, Fault& finding) {
  if (state_.number == 0 || state_.terms != rules_.terms) {
    if (auto done = restart(now); !done) return std::unexpected(std::move(done.error()));
  }
  if (!rules_.speaks) return false;
  std::string doubt;   // what was not as it should be, though we could go on
  bool more = false;
  if (state_.position < mirror_.size()) {
    const std::unique_ptr<Batch> ready = std::move(ready_);
    const bool fits = ready && ready->begin == state_.position && !state_.stock;
    auto batch = fits ? Followed<Batch>(std::move(*ready)) : next_batch(source, state_.position);
    if (!batch) return std::unexpected(std::move(batch.error()));
    doubt = batch->doubt;
    // Ahead only where a whole batch is to come; applied anew, what comes next depends on what is being written.
    std::future<std::optional<Batch>> ahead;
    if (options_.ahead && !note.empty() && !state_.stock && mirror_.announced() > batch->end) {
      ahead = std::async(std::launch::async, [&] { return look_ahead(source, note, batch->end, now); });
    }
    auto done = apply(*batch, now);
    if (ahead.valid()) {
      if (auto next = ahead.get()) ready_ = std::make_unique<Batch>(std::move(*next));
    }
    if (!done) return std::unexpected(std::move(done.error()));
    more = state_.position < mirror_.size();
  } else if (state_.stock) {   // a log without entries is applied, too
    Batch nothing{{}, state_.position, state_.position, state_.said_at, mirror_.size(), mirror_.announced(), {}};
    if (auto done = apply(nothing, now); !done) return std::unexpected(std::move(done.error()));
  }
  if (!more && missing_ > 0) {
    auto again = retry(source, now, doubt);
    if (!again) return again;
    more = *again;
  }
  if (!doubt.empty()) {
    finding = {Trouble::content, doubt};
  } else if (missing_ > 0) {
    std::optional<Instant> since;
    database_.read([&](store::Connection& connection) {
      since = FollowedStore(connection).missing_since(state_.number);
    });
    if (since && now - *since > options_.patience) {
      finding = {Trouble::missing, std::to_string(missing_) + " texts are missing since " + to_rfc3339(*since)};
    }
  }
  return more;
}

// In a thread of its own, while a batch is written: only this touches the copy and the source then. What goes wrong here
// goes wrong again in the next step, and is told there.
std::optional<Follower::Batch> Follower::look_ahead(LogSource& source, std::string_view note, std::uint64_t from,
                                                    Instant now) {
  try {
    if (mirror_.size() < from + options_.batch_entries && mirror_.size() < mirror_.announced() &&
        !mirror_.step(source, note, now)) {
      return std::nullopt;
    }
    if (from >= mirror_.size()) return std::nullopt;
    auto batch = next_batch(source, from);
    if (batch) return std::move(*batch);
  } catch (const store::Failure&) {
  }
  return std::nullopt;
}

// The next entries with their bodies, judged.
Followed<Follower::Batch> Follower::next_batch(LogSource& source, std::uint64_t from) const {
  auto batch = gather(from);
  if (!batch) return batch;
  if (auto got = fetch(source, *batch); !got) return std::unexpected(std::move(got.error()));
  judge(*batch);
  return batch;
}

// Begins to apply the log under the rules of now.
Followed<void> Follower::restart(Instant now) {
  retry_after_ = -1;
  ready_.reset();
  auto done = write([&](store::Connection& connection, FollowedLog& log) {
    if (log.position > 0 || !log.terms.empty()) {
      FollowedStore(connection).clear(log.number);
      const auto writing = sink_.writing(connection, log.origin, now);
      writing->begin_stock();
      log.stock = rules_.speaks;
      if (!rules_.speaks) writing->end_stock();
    }
    log.position = 0;
    log.terms = rules_.terms;
  });
  if (done) missing_ = refused_ = 0;
  return done;
}

Followed<Follower::Batch> Follower::gather(std::uint64_t from) const {
  Batch batch;
  batch.begin = batch.end = from;
  batch.copied = mirror_.size();
  batch.announced = mirror_.announced();
  std::unordered_map<std::string, std::size_t> last;   // of each object, by index in items
  while (batch.end < mirror_.size() && batch.items.size() < options_.batch_entries) {
    auto entries = mirror_.entries(batch.end, options_.batch_entries - batch.items.size());
    if (!entries) return std::unexpected(std::move(entries.error()));
    for (Entry& entry : *entries) {
      const auto [at, first] = last.try_emplace(object_key(entry), batch.items.size());
      if (!first) batch.items[at->second].position = mirror_.size();   // said again later: marked
      at->second = batch.items.size();
      batch.newest = std::max(batch.newest, entry.at);
      batch.items.push_back({batch.end++, std::move(entry), {}, {}});
    }
  }
  std::erase_if(batch.items, [&](const Item& item) { return item.position == mirror_.size(); });
  for (Item& item : batch.items) item.refused = rules_.refusal(item.entry, {}).value_or("");
  if (!state_.stock) return batch;
  // Applied anew: what was said again later is passed over, and most bodies are here.
  database_.read([&](store::Connection& connection) {
    const FollowedStore store(connection);
    std::erase_if(batch.items, [&](const Item& item) {
      return store.position(state_.number, item.entry).value_or(0) > item.position;
    });
    std::size_t bytes = 0;
    for (auto item = batch.items.begin(); item != batch.items.end(); ++item) {
      if (!item->wants_body()) continue;
      if (bytes > options_.batch_bytes) {
        batch.end = item->position;
        batch.items.erase(item, batch.items.end());
        return;
      }
      item->body = sink_.held(connection, item->entry);
      if (item->body) bytes += item->body->size();
    }
  });
  return batch;
}

// Gets the bodies that are wanted; one that is not to be had stays away. Ends the batch early when it grows too large.
Followed<void> Follower::fetch(LogSource& source, Batch& batch) const {
  std::size_t bytes = 0;
  auto item = batch.items.begin();
  const auto next_wanted = [&] {
    item = std::find_if(item, batch.items.end(), [](const Item& each) { return each.wants_body(); });
  };
  for (next_wanted(); item != batch.items.end(); next_wanted()) {
    if (bytes > options_.batch_bytes) {
      batch.end = item->position;
      batch.items.erase(item, batch.items.end());
      return {};
    }
    const tlog::TileId id = mirror_.bundle_of(item->position);
    const auto first = static_cast<unsigned>(item->position % tlog::tile_width);
    const std::uint64_t bundle_begin = id.index * tlog::tile_width;
    const auto records = records_from(source, id, first);
    if (!records && source_trouble(records.error()).error().what == Trouble::away &&
        records.error().code != ErrorCode::not_found) {
      return source_trouble(records.error());
    }
    if (!records) {
      if (records.error().code != ErrorCode::not_found) {
        batch.doubt = bodies_path(id, first) + ": " + records.error().text();
      }
      item = std::find_if(item, batch.items.end(),
                          [&](const Item& i) { return i.position >= bundle_begin + id.width; });
      continue;
    }
    const std::uint64_t begin = bundle_begin + records->first;
    for (; item != batch.items.end() && item->position < begin + records->bodies.size(); ++item) {
      const auto& body = records->bodies[item->position - begin];
      if (!body || !item->wants_body()) continue;
      if (crypto::sha256({*body}) != *item->entry.digest) {
        batch.doubt =
            bodies_path(id, first) + ": the body of " + object_key(item->entry) + " is not the one its entry names";
        continue;
      }
      bytes += body->size();
      item->body = std::string(*body);
    }
  }
  return {};
}

void Follower::judge(Batch& batch) const {
  for (Item& item : batch.items) {
    if (!item.body || !item.refused.empty()) continue;
    const auto claims = sink_.claims(item.entry, *item.body);
    item.refused = claims ? rules_.refusal(item.entry, *claims).value_or("") : claims.error().text();
  }
}

Followed<void> Follower::apply(const Batch& batch, Instant now) {
  bool listed = missing_ > 0 || refused_ > 0;   // else there is nothing to take off the lists
  auto done = write([&](store::Connection& connection, FollowedLog& log) {
    FollowedStore store(connection);
    const auto writing = sink_.writing(connection, log.origin, now);
    for (const Item& item : batch.items) {
      if (missing_ > 0) store.found(log.number, item.entry);
      if (refused_ > 0) store.accepted(log.number, item.entry);
      store.set_position(log.number, item.entry, item.position);
      std::string refused = item.refused;
      if (!refused.empty() || !item.entry.digest) {
        writing->withdraw(item.entry);   // the state that is refused has replaced the one before
      } else if (!item.body) {
        store.miss(log.number, item.position, item.entry, now);
        listed = true;
      } else if (auto put = writing->put(item.entry, *item.body); !put) {
        refused = put.error().text();
      }
      if (refused.empty()) continue;
      store.refuse(log.number, item.position, item.entry, refused, now, options_.refused_kept);
      listed = true;
    }
    // How late it is can be said of what came while the log was followed, not of what had been there before.
    const bool complete = log.delay >= 0 || log.position == log.size;
    if (log.position > 0 && batch.end > log.position && !log.stock && complete) {
      log.delay = std::max<std::int64_t>(0, (now - batch.newest).count());
    }
    log.position = batch.end;
    log.said_at = batch.newest;
    log.size = batch.announced;
    log.heard_at = now;
    if (log.stock && log.position == batch.copied) {
      writing->end_stock();
      log.stock = false;
    }
  });
  if (!done || !listed) return done;
  database_.read([&](store::Connection& connection) {
    const FollowedStore store(connection);
    missing_ = store.missing_count(state_.number);
    refused_ = store.refused_count(state_.number);
  });
  return done;
}

// Asks again for bodies that were not to be had.
Followed<bool> Follower::retry(LogSource& source, Instant now, std::string& doubt) {
  if (now < retry_at_) return false;
  std::vector<MissingBody> rows;
  database_.read([&](store::Connection& connection) {
    rows = FollowedStore(connection).missing(state_.number, retry_after_, retried_at_once);
  });
  Batch batch{{}, state_.position, state_.position, state_.said_at, mirror_.size(), mirror_.announced(), {}};
  for (MissingBody& row : rows) batch.items.push_back({row.position, std::move(row.entry), {}, {}});
  const bool last_page = rows.size() < retried_at_once;
  retry_after_ = last_page ? -1 : static_cast<std::int64_t>(rows.back().position);
  if (auto got = fetch(source, batch); !got) return std::unexpected(std::move(got.error()));
  if (!batch.doubt.empty()) doubt = batch.doubt;
  batch.end = state_.position;   // nothing new is reached
  judge(batch);
  std::erase_if(batch.items, [](const Item& item) { return item.wants_body(); });
  retry_pause_ = batch.items.empty() ? std::min(retry_pause_ * 2, longest_pause) : std::chrono::seconds(1);
  if (last_page) retry_at_ = now + retry_pause_;
  if (batch.items.empty()) return !last_page;
  if (auto done = apply(batch, now); !done) return std::unexpected(std::move(done.error()));
  return !last_page;
}

}  // namespace verbund::network
