// SPDX-License-Identifier: EUPL-1.2
#include "app/witnessing.h"

namespace verbund::app {

std::string witness_name(std::string log_name) {
  constexpr std::string_view end = "/log";
  if (log_name.ends_with(end)) log_name.resize(log_name.size() - end.size());
  return log_name + "/witness";
}

Witnessing::Witnessing(std::string data_folder, const std::string& log_name, const Clock& clock, const log::Log& log,
                       metrics::Registry& registry)
    : data_folder_(std::move(data_folder)), log_(log), cosigner_(data_folder_, clock),
      answered_(registry.counter("verbund_witness_answers_total", "Requests to cosign that were answered")),
      forks_(registry.counter("verbund_witness_forks_total", "Two histories of one log that somebody wanted cosigned")) {
  registry.gauge("verbund_forked_logs", "Logs that are proven to have two histories",
                 [folder = data_folder_] { return static_cast<double>(network::known_forks(folder).size()); });
  auto key = network::load_or_create_witness_key(data_folder_, witness_name(log_name));
  if (!key) {
    log_.error("no witness", {{"reason", key.error().text()}});
    return;
  }
  witness_ = std::make_unique<network::Witness>(
      network::witness_folder(data_folder_), std::move(*key),
      [this](std::string_view origin) { return cosigner_.keys_of(origin); }, clock);
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
