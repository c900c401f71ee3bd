// SPDX-License-Identifier: EUPL-1.2
// Expected outcomes as values. A function that can fail for a reason outside the program returns Result<T>.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace verbund {

// What kind of failure: decides the exit status, the HTTP status and whether trying again can help.
enum class ErrorCode {
  invalid,      // the input breaks a rule of its format
  not_found,    // what was asked for is not there
  conflict,     // it contradicts what is there
  too_large,    // a named limit was passed
  unavailable,  // a disk, a peer or a file could not be used now
  usage,        // the command line or the settings are wrong
};

// One failure for a person: what happened, where, and what to do. Texts are English sentences without full stop;
// `where` is a place a person can open ("file.xml:12", "settings key http.port"), may be empty.
struct Error {
  ErrorCode code = ErrorCode::invalid;
  std::string message;
  std::string where;
  std::string hint;

  // "where: message (hint)", leaving out what is empty.
  std::string text() const;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}, std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(where), std::move(hint)});
}

// Gives the error of `result` upwards: if (auto r = f(); !r) return pass(r);
template <typename T>
std::unexpected<Error> pass(Result<T>& result) {
  return std::unexpected(std::move(result.error()));
}

}  // namespace verbund
