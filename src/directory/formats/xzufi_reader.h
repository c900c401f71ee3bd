// SPDX-License-Identifier: EUPL-1.2
// Reading XZuFi transfer messages of any size in constant memory: the message level. Internal to formats.
// Source: XZuFi 2.2.0 and 2.3.1 (2.1 namespaces accepted), docs/protocols/xzufi.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/formats/xzufi_read.h"

namespace verbund::directory::xzufi {

// Something in a message that a person should see. German sentence.
struct Remark {
  std::size_t line = 0;
  std::string object;                  // external id, or what is known of it
  std::string reason;
  std::optional<ObjectKind> kind;      // of a skipped object
  ObjectId id;                         // of a skipped object, empty if it did not read
};

// What a message does, in its order.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void write(const Service&) = 0;
  virtual void write(const Specialisation&) = 0;
  // A holder comes with all the responsibilities that stood inside it.
  virtual void write(const OrganisationalUnit&, const std::vector<Responsibility>& embedded) = 0;
  virtual void write(const OnlineService&, const std::vector<Responsibility>& embedded) = 0;
  virtual void write(const Responsibility&) = 0;
  virtual void remove(ObjectKind kind, const ObjectId& id) = 0;  // unknown ids: no-op
  virtual void skipped(const Remark&) = 0;                       // a content rule is broken
  virtual void warning(const Remark&) = 0;
  virtual std::optional<AreaKey> area_of_ags(std::string_view ags) = 0;
};

// Errors: as xml::read_items; invalid where the document is no XZuFi message. A content fault is no error: the
// receiver hears of it and reading goes on.
Result<void> read_message(const std::string& path, Receiver& receiver,
                          const std::function<void(std::size_t bytes_read, std::uint64_t items)>& progress = {});
Result<void> read_message_from_memory(std::string_view bytes, std::string_view name, Receiver& receiver);

}  // namespace verbund::directory::xzufi
