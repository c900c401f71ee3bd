// SPDX-License-Identifier: EUPL-1.2
#include "app/own_key.h"

#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/own_log.h"
#include "network/log/token_signer.h"

namespace verbund::app {
namespace {

constexpr std::size_t pin_limit = 4096;

}  // namespace

std::optional<std::string> own_log_name(const std::string& data_folder) {
  network::FolderLogSource log(network::log_folder(data_folder));
  if (const auto text = log.key()) {
    if (const auto published = tlog::VerifierKey::parse(trim(*text))) return published->name;
  }
  const auto key = network::load_key(data_folder);
  if (!key) return std::nullopt;
  return key->name;
}

Result<tlog::NoteSigner> own_signer(const std::string& data_folder, const settings::Settings& settings,
                                    const std::optional<std::string>& create) {
  token::TokenOptions options{settings.text("network.key_module"), settings.text("network.key_token"),
                              settings.text("network.key_label"), {}};
  if (options.module.empty()) {
    auto key = create ? network::load_or_create_key(data_folder, *create) : network::load_key(data_folder);
    if (!key) return pass(key);
    return tlog::NoteSigner(*key);
  }
  const auto name = own_log_name(data_folder);
  if (!name && !create) {
    return fail(ErrorCode::not_found, "this node has no log yet", data_folder,
                "`verbund node init` makes key and log");
  }
  auto pin = file::read_secret(settings.text("network.key_pin_file"), pin_limit);
  if (!pin) return pass(pin);
  options.pin = trim(*pin);
  return network::open_token_signer(data_folder, name ? *name : *create, options);
}

}  // namespace verbund::app
