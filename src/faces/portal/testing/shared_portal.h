// SPDX-License-Identifier: EUPL-1.2
// A portal over the small town of testing/fixture.h, made once for all tests that share it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"

namespace verbund::portal {

using http::header_of;

class SharedPortal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::temp_directory_path() / ("portal_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    fixture_ = std::make_unique<portal::testing::Fixture>(folder_.string());
  }
  static void TearDownTestSuite() {
    fixture_.reset();
    std::filesystem::remove_all(folder_);
  }
  static http::Response get(const std::string& target) { return fixture_->get(target); }
  static std::string page(const std::string& target, int status = 200) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target << " " << header_of(response, "Location");
    return *response.body;
  }
  static std::string location(const std::string& target, int status) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target;
    return header_of(response, "Location");
  }

  static inline std::filesystem::path folder_;
  static inline std::unique_ptr<portal::testing::Fixture> fixture_;
};

}  // namespace verbund::portal
