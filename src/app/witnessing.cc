// SPDX-License-Identifier: EUPL-1.2
#include "app/witnessing.h"

#include <filesystem>
#include <optional>

namespace verbund::app {
namespace {

// What the store throws is an answer here.
template <typename T, typename Work>
Result<T> kept(const Work& work) {
  try {
    return work();
  } catch (const store::Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what());
  }
}

}  // namespace

std::string witness_name(std::string log_name) {
  constexpr std::string_view end = "/log";
  if (log_name.ends_with(end)) log_name.resize(log_name.size() - end.size());
  return log_name + "/witness";
}

Witnessing::Witnessing(std::string data_folder, const std::string& log_name, const Clock& clock, const log::Log& log,
                       metrics::Registry& registry, store::Database* shared)
    : data_folder_(std::move(data_folder)), log_(log), cosigner_(data_folder_, clock),
      answered_(registry.counter("verbund_witness_answers_total", "Requests to cosign that were answered")),
      forks_(registry.counter("verbund_witness_forks_total", "Two histories of one log that somebody wanted cosigned")) {
  registry.gauge("verbund_forked_logs", "Logs that are proven to have two histories",
                 [folder = data_folder_] { return static_cast<double>(network::known_forks(folder).size()); });
  const std::string folder = network::witness_folder(data_folder_);
  if (shared) shared_ = std::make_unique<network::SharedFolder>(*shared, folder, "witness");
  auto key = this->key(log_name);
  if (!key) {
    log_.error("no witness", {{"reason", key.error().text()}});
    return;
  }
  network::Witness::Options options;
  if (shared_) {
    options.refresh = [this]() -> Result<void> {
      return kept<void>([&]() -> Result<void> {
        if (auto pulled = shared_->pull(); !pulled) return pass(pulled);
        return {};
      });
    };
    options.replace = [this](const std::string& path, const std::optional<std::string>& before, std::string_view after) {
      return kept<bool>([&] { return shared_->replace(path, before, after); });
    };
  }
  witness_ = std::make_unique<network::Witness>(
      folder, std::move(*key), [this](std::string_view origin) { return cosigner_.keys_of(origin); }, clock,
      std::move(options));
}

// The key is in no database. Which one it is, is: two processes with two keys would be two witnesses of one name.
Result<tlog::SignerKey> Witnessing::key(const std::string& log_name) {
  const auto made = [&] { return network::load_or_create_witness_key(data_folder_, witness_name(log_name)); };
  if (!shared_) return made();
  return kept<tlog::SignerKey>([&]() -> Result<tlog::SignerKey> {
    if (auto adopted = shared_->adopt(); !adopted) return pass(adopted);
    if (auto pulled = shared_->pull(); !pulled) return pass(pulled);
    const std::string file = network::witness_key_file(data_folder_);
    const auto other = [&] {
      return fail(ErrorCode::conflict, "the other processes of this node witness with another key", file,
                  "copy network/witness.key from a machine whose process is a witness, and start again");
    };
    std::error_code error;
    if (shared_->body("key") && !std::filesystem::exists(file, error)) return other();
    auto out = made();
    if (!out) return out;
    const std::string text = out->verifier().to_text() + "\n";
    if (auto first = shared_->replace("key", std::nullopt, text); !first) return pass(first);
    if (shared_->body("key") != text) return other();
    return out;
  });
}

void Witnessing::refresh() {
  const auto now = std::chrono::steady_clock::now();
  if (!shared_ || now - refreshed_ < std::chrono::seconds(1)) return;
  refreshed_ = now;
  (void)shared_->pull();   // a disk that fails is told of by who writes
}

void Witnessing::answered(const network::Witness::Answer& answer) {
  answered_.add();
  if (!answer.fork) return;
  forked();
}

// Who forks asks again and again: only what is new is worth a line.
void Witnessing::forked() {
  forks_.add();
  const std::size_t kept = witness_->evidence().size();
  if (told_.exchange(kept) == kept) return;
  log_.error("two histories of one log", {{"evidence", network::witness_folder(data_folder_) + "/evidence"}});
}

}  // namespace verbund::app
