// SPDX-License-Identifier: EUPL-1.2
#include "network/log/token_signer.h"

#include <filesystem>

#include "base/text.h"

namespace verbund::network {

Result<tlog::NoteSigner> open_token_signer(const LogPlace& place, const std::string& name,
                                           const token::TokenOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(place.key_file, error)) {
    return fail(ErrorCode::conflict, "the log has its key in a file, the settings name a token", place.key_file,
                "a log that begins in a token stays there; take the settings back, or begin with a new data folder");
  }
  FolderLogSource files(place.folder);
  const auto there = files.key();
  const auto published = there ? tlog::VerifierKey::parse(trim(*there)) : std::unexpected(there.error());
  if (there && !published) return std::unexpected(published.error());
  const std::string log_name = published ? published->name : name;
  if (!tlog::is_key_name(log_name)) return fail(ErrorCode::invalid, "\"" + log_name + "\" is no name for a log");
  auto opened = token::TokenKey::open(options, !published);   // an existing log never gets another key by accident
  if (!opened) return pass(opened);
  const std::shared_ptr<token::TokenKey> key = std::move(*opened);
  tlog::VerifierKey verifier{log_name, tlog::KeyType::note, key->public_key()};
  if (published && *published != verifier) {
    return fail(ErrorCode::conflict, "the key in the token is not the one of the log", place.folder + "/key");
  }
  return tlog::NoteSigner(std::move(verifier), [key](std::string_view text) { return key->sign(text); });
}

}  // namespace verbund::network
