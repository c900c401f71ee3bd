// SPDX-License-Identifier: EUPL-1.2
#include "app/disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

TEST(Disk, SaysWhyNothingCanBeWritten) {
  const store::testing::Folder folder;
  EXPECT_EQ(disk_trouble(folder.path(), 1), "");
  EXPECT_THAT(disk_trouble(folder.path(), std::uint64_t{1} << 62), ::testing::HasSubstr("KiB are free, less than"));
  EXPECT_THAT(disk_trouble(folder.file("none")), ::testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace verbund::app
