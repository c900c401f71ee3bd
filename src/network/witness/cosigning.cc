// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/cosigning.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/text.h"
#include "kits/crypto/digest.h"
#include "network/witness/request.h"

namespace verbund::network {

using SteadyClock = std::chrono::steady_clock;

// What one witness has answered.
struct Cosigning::Asked {
  std::vector<tlog::NoteSignature> signatures;   // empty: none
  std::string trouble;
  bool fork = false;
  bool done = true;
  SteadyClock::time_point at = SteadyClock::now();
};

// One checkpoint, which the threads that ask for it share with who waits for them, for as long as the last one needs.
struct Cosigning::Round {
  std::string bytes;
  tlog::Note note;
  tlog::Checkpoint checkpoint;
  std::string handovers;

  std::mutex tiles_mutex;
  tlog::TileSource tiles;                        // empty: nobody waits any more
  Result<std::string> tile(const tlog::TileId& id) {
    const std::lock_guard lock(tiles_mutex);
    if (!tiles) return fail(ErrorCode::unavailable, "too late");
    return tiles(id);
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Asked>> asked;       // by witness; nothing: it is not asked

  bool all_done() const {
    return std::ranges::all_of(asked, [](const auto& one) { return !one || one->done; });
  }
  std::size_t signed_by() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(asked, [](const auto& one) { return one && !one->signatures.empty(); }));
  }

  Asked ask(const WitnessAddress& witness, const AskWitness& ask, std::uint64_t old_size, const std::stop_token& stop);
};

struct Cosigning::Known {
  std::uint64_t size = 0;                        // cosigned last, as far as is known here
  SteadyClock::time_point rests_until{};
  std::shared_ptr<Round> round;                  // for which it was asked last
  std::jthread thread;
};

Cosigning::Cosigning(std::vector<WitnessAddress> witnesses, AskWitness ask, Options options)
    : witnesses_(std::move(witnesses)), ask_(std::move(ask)), options_(std::move(options)),
      known_(witnesses_.size()) {}

Cosigning::~Cosigning() {
  for (Known& known : known_) known.thread.request_stop();
}

Cosigning::Asked Cosigning::Round::ask(const WitnessAddress& witness, const AskWitness& ask, std::uint64_t old_size,
                                       const std::stop_token& stop) {
  // Again with the size the witness says it has: after a restart it is not known here. And again when it has learned
  // a new key of the log.
  bool handed_over = handovers.empty();
  for (int attempt = 0; attempt < 3; ++attempt) {
    tlog::TileReader reader(checkpoint.size, [this](const tlog::TileId& id) { return tile(id); });
    auto proof = tlog::consistency_proof(old_size, checkpoint.size, std::ref(reader));
    if (!proof) return {{}, proof.error().text()};
    const auto reply = ask(witness.address, "add-checkpoint",
                           WitnessRequest{old_size, std::move(*proof), note.to_text()}.to_text(), stop);
    if (!reply) return {{}, reply.error().text()};
    if (reply->status == 200) {
      auto signatures = parse_cosignatures(reply->body);
      if (!signatures) return {{}, signatures.error().message};
      std::erase_if(*signatures, [&](const tlog::NoteSignature& one) { return one.name != witness.key.name; });
      const auto good = tlog::verify_note({note.text, *signatures}, witness.key);
      if (!good) return {{}, good.error().message};
      return {std::move(*signatures), {}};
    }
    if (reply->status == 409) {
      const auto size = parse_number(trim(reply->body));
      if (!size) return {{}, "it answered 409 without a size"};
      if (static_cast<std::uint64_t>(*size) > checkpoint.size) return {{}, "it has seen a longer history", true};
      if (static_cast<std::uint64_t>(*size) == old_size) return {{}, "it has seen another history", true};
      old_size = static_cast<std::uint64_t>(*size);
      continue;
    }
    if (reply->status == 403 && !std::exchange(handed_over, true)) {
      const auto told = ask(witness.address, "add-handovers", handovers, stop);
      if (!told) return {{}, told.error().text()};
      if (told->status == 200) continue;
      return {{}, "it does not take the new key: " + std::to_string(told->status)};
    }
    const bool unproven = reply->status == 422;
    return {{}, "it answered " + std::to_string(reply->status), unproven};
  }
  return {{}, "its size changed meanwhile"};
}

bool cosigned_by_all(std::string_view bytes, const std::vector<WitnessAddress>& witnesses) {
  const auto note = tlog::parse_note(bytes);
  return note && std::ranges::all_of(witnesses, [&](const WitnessAddress& witness) {
    return tlog::verify_note(*note, witness.key).has_value();
  });
}

std::vector<WitnessAddress> choose_witnesses(std::vector<WitnessAddress> witnesses, std::string_view origin,
                                             std::size_t most) {
  if (witnesses.size() <= most) return witnesses;
  const auto place = [&](const WitnessAddress& one) { return crypto::sha256({origin, "\n", one.key.name}); };
  std::ranges::sort(witnesses, {}, place);
  witnesses.resize(most);
  return witnesses;
}

// What the witness has answered last, maybe long after it was waited for.
void Cosigning::learn(std::size_t witness) {
  Known& known = known_[witness];
  if (!known.round) return;
  const std::lock_guard lock(known.round->mutex);
  const Asked& asked = *known.round->asked[witness];
  if (!asked.done) return;
  if (asked.signatures.empty()) {
    known.rests_until = asked.at + options_.rest;
  } else {
    known.size = known.round->checkpoint.size;
    known.rests_until = {};
  }
}

void Cosigning::ask(std::size_t witness, const std::shared_ptr<Round>& round) {
  Known& known = known_[witness];
  std::jthread before = std::move(known.thread);   // it has not answered a former question: that one ends
  before.request_stop();
  const std::uint64_t old_size = std::min(known.size, round->checkpoint.size);
  known.round = round;
  {
    const std::lock_guard lock(round->mutex);
    round->asked[witness] = Asked{.signatures = {}, .trouble = {}, .done = false};
  }
  const auto work = [this, witness, round, old_size](const std::stop_token& stop) {
    Asked answer = round->ask(witnesses_[witness], ask_, old_size, stop);
    const std::lock_guard lock(round->mutex);
    round->asked[witness] = std::move(answer);
    round->changed.notify_all();
  };
  if (options_.one_by_one) return work({});
  known.thread = std::jthread([work, former = std::move(before)](const std::stop_token& stop) mutable {
    if (former.joinable()) former.join();
    work(stop);
  });
}

Result<std::string> Cosigning::gather(const std::string& bytes, const tlog::TileSource& tiles) {
  auto note = tlog::parse_note(bytes);
  if (!note) return pass(note);
  const auto checkpoint = tlog::Checkpoint::parse(note->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  const auto round = std::make_shared<Round>();
  round->bytes = bytes;
  round->note = *note;
  round->checkpoint = *checkpoint;
  round->tiles = tiles;
  if (options_.handovers) round->handovers = options_.handovers();
  round->asked.resize(witnesses_.size());

  const auto begin = SteadyClock::now();
  std::vector<std::size_t> soon, later;
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    learn(i);
    Known& known = known_[i];
    bool busy = false;
    if (known.round) {
      const std::lock_guard lock(known.round->mutex);
      const Asked& last = *known.round->asked[i];
      busy = !last.done;
      if (known.round->bytes == bytes && !last.signatures.empty()) {   // it has signed just this, maybe late
        round->asked[i] = last;
        continue;
      }
    }
    (busy || known.rests_until > begin ? later : soon).push_back(i);
  }
  for (const std::size_t i : soon) ask(i, round);
  {
    std::unique_lock lock(round->mutex);
    const auto enough = [&] { return round->signed_by() >= options_.quorum; };
    // Who would have to sign anyhow is asked at once.
    if (soon.size() >= options_.quorum) {
      round->changed.wait_until(lock, begin + options_.patience, [&] { return round->all_done(); });
    }
    if (!enough()) {
      lock.unlock();
      for (const std::size_t i : later) ask(i, round);
      lock.lock();
      if (soon.size() < options_.quorum) {
        round->changed.wait_until(lock, begin + options_.patience, [&] { return round->all_done(); });
      }
    }
    round->changed.wait(lock, [&] { return enough() || round->all_done(); });
  }
  {
    const std::lock_guard lock(round->tiles_mutex);
    round->tiles = nullptr;
  }
  std::string troubles;
  bool fork = false;
  const std::lock_guard lock(round->mutex);
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    const auto& asked = round->asked[i];
    if (!asked || !asked->done) continue;
    note->signatures.insert(note->signatures.end(), asked->signatures.begin(), asked->signatures.end());
    if (!asked->signatures.empty()) continue;
    troubles += (troubles.empty() ? "" : "; ") + witnesses_[i].key.name + ": " + asked->trouble;
    fork = fork || asked->fork;
  }
  const std::size_t got = round->signed_by();
  if (got >= options_.quorum) return note->to_text();
  return fail(fork ? ErrorCode::conflict : ErrorCode::unavailable,
              std::to_string(got) + " of " + std::to_string(options_.quorum) + " witnesses have cosigned",
              checkpoint->origin, troubles);
}

}  // namespace verbund::network
