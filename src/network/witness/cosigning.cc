// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/cosigning.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/text.h"
#include "kits/crypto/digest.h"
#include "network/witness/request.h"

namespace verbund::network {

struct Cosigning::Asked {
  std::vector<tlog::NoteSignature> signatures;   // empty: none
  std::string trouble;
  bool fork = false;
};

Cosigning::Asked Cosigning::ask_one(const WitnessAddress& witness, const tlog::Note& note,
                                    const tlog::Checkpoint& checkpoint, const tlog::TileSource& tiles,
                                    std::uint64_t old_size, const std::string& handovers) const {
  // Again with the size the witness says it has: after a restart it is not known here. And again when it has learned
  // a new key of the log.
  bool handed_over = handovers.empty();
  for (int attempt = 0; attempt < 3; ++attempt) {
    tlog::TileReader reader(checkpoint.size, tiles);
    auto proof = tlog::consistency_proof(old_size, checkpoint.size, std::ref(reader));
    if (!proof) return {{}, proof.error().text()};
    const auto reply = ask_(witness.address, "add-checkpoint",
                            WitnessRequest{old_size, std::move(*proof), note.to_text()}.to_text());
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
      const auto told = ask_(witness.address, "add-handovers", handovers);
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

Result<std::string> Cosigning::gather(const std::string& bytes, const tlog::TileSource& tiles) {
  auto note = tlog::parse_note(bytes);
  if (!note) return pass(note);
  const auto checkpoint = tlog::Checkpoint::parse(note->text);
  if (!checkpoint) return std::unexpected(checkpoint.error());
  const auto now = std::chrono::steady_clock::now();
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < witnesses_.size(); ++i) {
    if (known_[witnesses_[i].key.name].rests_until <= now) chosen.push_back(i);
  }
  if (chosen.size() < options_.quorum) {
    chosen.clear();
    for (std::size_t i = 0; i < witnesses_.size(); ++i) chosen.push_back(i);
  }
  std::vector<Asked> asked(chosen.size());
  const std::string handovers = options_.handovers ? options_.handovers() : std::string();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const WitnessAddress& witness = witnesses_[chosen[i]];
      const std::uint64_t old_size = std::min(known_[witness.key.name].size, checkpoint->size);
      if (options_.one_by_one) {
        asked[i] = ask_one(witness, *note, *checkpoint, tiles, old_size, handovers);
        continue;
      }
      threads.emplace_back([&, old_size, i] {
        asked[i] = ask_one(witness, *note, *checkpoint, tiles, old_size, handovers);
      });
    }
  }
  std::size_t got = 0;
  std::string troubles;
  bool fork = false;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::string& name = witnesses_[chosen[i]].key.name;
    Known& known = known_[name];
    if (asked[i].signatures.empty()) {
      known.rests_until = now + options_.rest;
      troubles += (troubles.empty() ? "" : "; ") + name + ": " + asked[i].trouble;
      fork = fork || asked[i].fork;
      continue;
    }
    known = {checkpoint->size, {}};
    ++got;
    note->signatures.insert(note->signatures.end(), asked[i].signatures.begin(), asked[i].signatures.end());
  }
  if (got >= options_.quorum) return note->to_text();
  return fail(fork ? ErrorCode::conflict : ErrorCode::unavailable,
              std::to_string(got) + " of " + std::to_string(options_.quorum) + " witnesses have cosigned",
              checkpoint->origin, troubles);
}

}  // namespace verbund::network
