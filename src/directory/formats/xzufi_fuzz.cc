// SPDX-License-Identifier: EUPL-1.2
// Bytes as an XZuFi message: no crash, no leak, and what reads writes and reads back as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "directory/formats/xzufi_reader.h"
#include "directory/formats/xzufi_writer.h"
#include "directory/objects/body.h"

namespace verbund::directory::xzufi {
namespace {

class Bodies : public Receiver {
 public:
  void write(const Service& x) override { add(x); }
  void write(const Specialisation& x) override { add(x); }
  void write(const OrganisationalUnit& x, const std::vector<Responsibility>& embedded) override {
    add(x);
    for (const auto& each : embedded) add(each);
  }
  void write(const OnlineService& x, const std::vector<Responsibility>& embedded) override {
    add(x);
    for (const auto& each : embedded) add(each);
  }
  void write(const Responsibility& x) override { add(x); }
  void remove(ObjectKind, const ObjectId&) override {}
  void skipped(const Remark&) override {}
  void warning(const Remark&) override {}
  std::optional<AreaKey> area_of_ags(std::string_view) override { return std::nullopt; }

  std::string again() {
    writer_.end();
    return std::move(message_);
  }
  std::string bodies;

 private:
  template <typename T>
  void add(const T& object) {
    bodies += to_body(object);
    writer_.write(object);
  }
  std::string message_;
  MessageWriter writer_{[this](std::string_view piece) { message_ += piece; }, "00000000-0000-8000-a000-000000000000"};
};

}  // namespace
}  // namespace verbund::directory::xzufi

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::directory::xzufi;
  Bodies first;
  const std::string bytes(data, data + size);
  if (!read_message_from_memory(bytes, "fuzz.xml", first)) return 0;
  Bodies second;
  if (!read_message_from_memory(first.again(), "again.xml", second)) std::abort();
  const std::string once = std::move(second.bodies);
  Bodies third;
  if (!read_message_from_memory(second.again(), "third.xml", third)) std::abort();
  if (third.bodies != once) std::abort();  // the second export is the first one
  return 0;
}
