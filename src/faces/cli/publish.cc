// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/publish.h"

#include "network/log/rotation.h"
#include "network/log/sequencer.h"
#include "network/sharing/shared_folder.h"
#include "network/sharing/shared_log.h"

namespace verbund::cli {

Result<tlog::NoteSigner> signer_of(const Surroundings& s, const command::Arguments& a, const std::string& data_folder,
                                   const network::LogPlace& place, const std::optional<std::string>& create) {
  if (s.signer && place.folder == network::log_folder(data_folder)) return s.signer(a, create);
  auto key = network::load_key(place);
  if (!key) return pass(key);
  return tlog::NoteSigner(*key);
}

Result<void> take_shared(const Surroundings& s, const command::Arguments& a, store::Database& database,
                         const std::string& data_folder) {
  if (!s.shares_logs || !s.shares_logs(a)) return {};
  return network::pull_all(database, data_folder);
}

Result<bool> publish_pending(const Surroundings& s, const command::Arguments& a, store::Database& database,
                             const std::string& data_folder, const network::LogPlace& place,
                             network::Outbox& outbox, const std::optional<std::string>& create) {
  network::Sequencer::Options options;
  std::optional<network::SharedLog> shared;
  if (s.shares_logs && s.shares_logs(a)) {
    shared.emplace(database, place, place.folder == network::log_folder(data_folder) ? "log" : "members");
    auto leading = shared->lead();
    if (!leading) return pass(leading);
    if (!*leading) {   // a running service publishes; what it has published is here then
      if (auto pulled = shared->pull(); !pulled) return pass(pulled);
      return false;
    }
    options.share = [&shared](const std::vector<network::LogFile>& files) { return shared->add(files); };
  }
  auto taken = network::take_over_key(place);
  if (!taken && taken.error().code != ErrorCode::conflict) return pass(taken);
  auto key = signer_of(s, a, data_folder, place, create);
  if (!key) {
    if (key.error().code == ErrorCode::not_found) key.error().hint = "`verbund node init` makes key and log";
    return pass(key);
  }
  if (s.cosign) {
    options.cosign = [&](const std::string& note, const tlog::TileSource& tiles) {
      return s.cosign(database, a, note, tiles);
    };
  }
  auto sequencer = network::Sequencer::open(place, *key, outbox, options);
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
