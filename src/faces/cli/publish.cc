// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/publish.h"

#include "network/log/rotation.h"
#include "network/log/sequencer.h"

namespace verbund::cli {

Result<bool> publish_pending(const Surroundings& s, const network::LogPlace& place, network::Outbox& outbox) {
  auto taken = network::take_over_key(place);
  if (!taken && taken.error().code != ErrorCode::conflict) return pass(taken);
  auto key = network::load_key(place);
  if (!key) {
    if (key.error().code == ErrorCode::not_found) key.error().hint = "`verbund node init` makes key and log";
    return pass(key);
  }
  auto sequencer = network::Sequencer::open(place, *key, outbox);
  if (!sequencer) {
    const bool running = sequencer.error().where.ends_with("/lock");
    if (running && sequencer.error().code == ErrorCode::conflict) return false;
    return pass(sequencer);
  }
  command::Progress bar(s.err, "Log", 0);
  while (true) {
    const auto more = (*sequencer)->step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return true;
    bar.items((*sequencer)->size());
  }
}

}  // namespace verbund::cli
