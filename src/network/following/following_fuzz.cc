// SPDX-License-Identifier: EUPL-1.2
// A publisher that signs and says anything: the copy of its log takes nothing that is not proven.
#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "base/check.h"
#include "network/following/mirror.h"

namespace {

using namespace verbund;

// Every resource is what was handed in.
class AnySource : public network::FileLogSource {
 public:
  explicit AnySource(std::string_view bytes) : bytes_(bytes) {}

 protected:
  Result<std::string> get(const std::string&, std::size_t limit) override { return bytes_.substr(0, limit); }

 private:
  std::string bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tlog::SignerKey key{"a", tlog::KeyType::note, {}};
  static const std::string folder = (std::filesystem::temp_directory_path() / "verbund-following-fuzz").string();
  std::filesystem::remove_all(folder);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto mirror = network::Mirror::open(folder, {key.verifier(), {}, 0}, {});
  VERBUND_CHECK(mirror.has_value());
  AnySource source(text);
  const Instant now(std::chrono::seconds(1'700'000'000));
  (void)mirror->step(source, text, now);
  for (const std::uint64_t entries : {1u, 3u, 256u, 9'000u}) {
    tlog::Note note{tlog::Checkpoint{"a", entries, tlog::leaf_hash(text), {}}.to_text(), {}};
    note.signatures.push_back(tlog::sign_note(note.text, key));
    (void)mirror->step(source, note.to_text(), now);
    // One entry is a log whose root is its leaf; more are never proven by their leaf.
    VERBUND_CHECK(mirror->size() <= 1);
  }
  return 0;
}
