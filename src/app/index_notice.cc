// SPDX-License-Identifier: EUPL-1.2
#include "app/index_notice.h"

#include <algorithm>
#include <utility>

#include "directory/objects/object_store.h"
#include "faces/portal/visit.h"
#include "kits/http/client.h"

namespace verbund::app {
namespace {

constexpr std::size_t most_places = 5;
constexpr std::size_t most_changes = 2000;
constexpr std::size_t answer_bytes = 64 * 1024;

}  // namespace

Result<void> check(const IndexNoticeOptions& options) {
  if (auto address = http::parse_address(options.endpoint); !address) return pass(address);
  const auto& key = options.key;
  const bool letters = std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (!letters || key.size() < 8 || key.size() > 128) {
    return fail(ErrorCode::usage, "found.indexnow_key needs 8 to 128 letters, digits or hyphens", "found.indexnow_key");
  }
  return {};
}

IndexNotice::IndexNotice(IndexNoticeOptions options, const log::Log& log)
    : options_(std::move(options)), log_(log), thread_([this](const std::stop_token& stop) { work(stop); }) {}

IndexNotice::~IndexNotice() {
  thread_.request_stop();
  wake_.notify_all();
}

void IndexNotice::changed(const std::vector<std::string>& addresses) {
  const std::lock_guard lock(mutex_);
  for (const std::string& address : addresses) {
    if (!queued_.insert(address).second) continue;
    queue_.push_back(address);
    if (queue_.size() > options_.waiting) {
      queued_.erase(queue_.front());
      queue_.pop_front();
      ++counts_.forgotten;
    }
  }
  wake_.notify_all();
}

IndexNotice::Counts IndexNotice::counts() const {
  const std::lock_guard lock(mutex_);
  Counts out = counts_;
  out.waiting = queue_.size();
  return out;
}

void IndexNotice::work(const std::stop_token& stop) {
  http::ClientOptions client_options;
  client_options.connect_time = client_options.answer_time = std::chrono::seconds(5);
  http::Client client(client_options);
  const std::string start = options_.endpoint + (options_.endpoint.find('?') == std::string::npos ? "?" : "&") +
                            "key=" + http::percent_encode(options_.key) + "&url=";
  bool well = true;
  std::unique_lock lock(mutex_);
  // Told to stop, wait() still gives what the condition is.
  while (wake_.wait(lock, stop, [&] { return !queue_.empty(); }) && !stop.stop_requested()) {
    const std::string address = queue_.front();
    lock.unlock();
    const auto answer = client.get(start + http::percent_encode(address), answer_bytes);
    lock.lock();
    const int status = answer ? answer->status : 0;
    // 4xx but 429: it will not be taken another time either.
    const bool again = status == 0 || status == 429 || status >= 500;
    const bool taken = status >= 200 && status < 300;
    if (!taken) ++counts_.refused;
    if (taken) ++counts_.sent;
    if (!again && queued_.erase(address) > 0) std::erase(queue_, address);
    if (well != taken) {   // said once, not for each address
      const std::string reason = answer ? "status " + std::to_string(status) : answer.error().text();
      if (taken) log_.info("search engine takes notices again", {{"endpoint", options_.endpoint}});
      else log_.warning("search engine took no notice", {{"endpoint", options_.endpoint}, {"reason", reason}});
      well = taken;
    }
    wake_.wait_for(lock, stop, again ? options_.after_refusal : options_.between, [] { return false; });
  }
}

std::vector<std::string> changed_pages(store::Connection& connection, const directory::Snapshot& snapshot,
                                       std::string_view home, std::int64_t& after) {
  using directory::ObjectKind;
  std::vector<std::string> out;
  const directory::ObjectStore objects(connection);
  const auto own = home.empty() ? std::nullopt : snapshot.place(home);
  std::vector<directory::Change> changes;
  objects.each_change(after, most_changes, [&](const directory::Change& change) { changes.push_back(change); });
  for (const directory::Change& change : changes) {
    after = change.sequence;
    if (change.withdrawn) continue;
    if (change.kind == ObjectKind::unit) {
      const std::string slug = objects.slug(ObjectKind::unit, change.id);
      if (!slug.empty()) out.push_back(portal::authority_path(slug));
    } else if (change.kind == ObjectKind::service) {
      const std::string slug = objects.slug(ObjectKind::service, change.id);
      const auto service = objects.get<directory::Service>(change.id);
      if (slug.empty() || !service) continue;
      if (own && !own->key.digits().empty()) {
        out.push_back(portal::service_path(&*own, slug));
        continue;
      }
      std::size_t places = 0;
      for (const auto& key : service->valid_areas) {
        const auto area = snapshot.area(key);
        if (!area || area->slug.empty() || key.digits().empty() || places++ == most_places) continue;
        out.push_back(portal::service_path(&*area, slug));
      }
    }
  }
  return out;
}

}  // namespace verbund::app
