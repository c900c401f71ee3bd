// SPDX-License-Identifier: EUPL-1.2
#include "network/following/follower.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

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
  std::uint64_t end = 0;          // the position reached with them
  Instant newest{};
};

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
  rules_ = std::move(rules);
}

Followed<void> Follower::write(const std::function<void(store::Connection&, FollowedLog&)>& work) {
  FollowedLog next = state_;
  auto done = database_.write([&](store::Connection& connection) -> Result<void> {
    work(connection, next);
    FollowedStore(connection).note(next);
    return {};
  });
  if (!done) return as_fault(done);
  state_ = std::move(next);
  return {};
}

void Follower::note(Trouble what, const std::string& reason, Instant now) {
  const bool heard = what != Trouble::away && what != Trouble::storage;
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

void Follower::failed(const Fault& fault, Instant now) { note(fault.what, fault.message, now); }

Followed<bool> Follower::step(LogSource& source, std::string_view checkpoint, Instant now) {
  if (!rules_.speaks) return settle(source, now);
  const auto more = mirror_.step(source, checkpoint, now);
  Fault finding;
  auto applied = advance(source, now, finding);   // what was proven before is applied in any case
  const auto* fault = !more ? &more.error() : !applied ? &applied.error() : nullptr;
  failed(fault != nullptr ? *fault : finding, now);
  if (fault != nullptr) return std::unexpected(*fault);
  return *more || *applied;
}

Followed<bool> Follower::settle(LogSource& source, Instant now) {
  Fault finding;
  auto done = advance(source, now, finding);
  failed(done ? finding : done.error(), now);
  return done;
}

Followed<bool> Follower::advance(LogSource& source, Instant now, Fault& finding) {
  if (state_.number == 0 || state_.terms != rules_.terms) {
    if (auto done = restart(now); !done) return std::unexpected(std::move(done.error()));
  }
  if (!rules_.speaks) return false;
  std::string doubt;   // what was not as it should be, though we could go on
  bool more = false;
  if (state_.position < mirror_.size()) {
    auto batch = gather();
    if (!batch) return std::unexpected(std::move(batch.error()));
    if (auto got = fetch(source, *batch, doubt); !got) return std::unexpected(std::move(got.error()));
    judge(*batch);
    if (auto done = apply(*batch, now); !done) return std::unexpected(std::move(done.error()));
    more = state_.position < mirror_.size();
  } else if (state_.stock) {   // a log without entries is applied, too
    if (auto done = apply({{}, state_.position, state_.said_at}, now); !done) {
      return std::unexpected(std::move(done.error()));
    }
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

// Begins to apply the log under the rules of now.
Followed<void> Follower::restart(Instant now) {
  retry_after_ = -1;
  auto done = write([&](store::Connection& connection, FollowedLog& log) {
    if (log.number != 0) {
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

Followed<Follower::Batch> Follower::gather() const {
  Batch batch;
  batch.end = state_.position;
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
Followed<void> Follower::fetch(LogSource& source, Batch& batch, std::string& doubt) const {
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
    const std::uint64_t bundle_end = id.index * tlog::tile_width + id.width;
    const auto response = source.bodies(id, first);
    if (!response && source_trouble(response.error()).error().what == Trouble::away &&
        response.error().code != ErrorCode::not_found) {
      return source_trouble(response.error());
    }
    const auto records = response ? parse_bodies(*response) : std::unexpected(response.error());
    if (!records || records->empty() || records->size() > id.width - first) {
      if (records || records.error().code != ErrorCode::not_found) {
        doubt = bodies_path(id, first) + ": " + (records ? "wrong number of bodies" : records.error().text());
      }
      item = std::find_if(item, batch.items.end(), [&](const Item& i) { return i.position >= bundle_end; });
      continue;
    }
    const std::uint64_t begin = item->position;
    for (; item != batch.items.end() && item->position < begin + records->size(); ++item) {
      const auto& body = (*records)[item->position - begin];
      if (!body || !item->wants_body()) continue;
      if (crypto::sha256({*body}) != *item->entry.digest) {
        doubt = bodies_path(id, first) + ": the body of " + object_key(item->entry) + " is not the one its entry names";
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
    log.position = batch.end;
    log.said_at = batch.newest;
    log.size = mirror_.announced();
    log.heard_at = now;
    if (log.stock && log.position == mirror_.size()) {
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
  Batch batch{{}, state_.position, state_.said_at};
  for (MissingBody& row : rows) batch.items.push_back({row.position, std::move(row.entry), {}, {}});
  const bool last_page = rows.size() < retried_at_once;
  retry_after_ = last_page ? -1 : static_cast<std::int64_t>(rows.back().position);
  if (auto got = fetch(source, batch, doubt); !got) return std::unexpected(std::move(got.error()));
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
