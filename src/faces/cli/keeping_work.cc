// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/keeping_work.h"

#include <utility>

namespace verbund::cli {

network::KeepingProgress Bars::progress() {
  return [this](std::string_view what, std::uint64_t done, std::uint64_t of) -> Result<void> {
    if (!bar_ || what != what_) {
      bar_.reset();
      what_ = what;
      bar_ = std::make_unique<command::Progress>(out_, what_, of);
    }
    bar_->bytes(done);
    return {};
  };
}

store::CopyProgress rows_of(const network::KeepingProgress& progress) {
  return [progress](std::string_view table, std::int64_t rows) {
    return progress(std::string(table) + ", Zeilen", static_cast<std::uint64_t>(rows), 0);
  };
}

void add_keeping_command(command::Program& program, const Surroundings& s, const KeepingParts& parts,
                         command::Command command, KeepingWork work) {
  command.run = [s, parts, work](const command::Arguments& arguments) {
    try {
      if (auto done = work(s, parts, arguments); !done) return command::report(s.err, "verbund", done.error());
      return 0;
    } catch (const store::Failure& failure) {
      return command::report(s.err, "verbund",
                             {ErrorCode::unavailable, failure.what(), "",
                              "nothing was changed; check free space and access, then try again"});
    }
  };
  program.add(std::move(command));
}

}  // namespace verbund::cli
