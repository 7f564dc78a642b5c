// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_viewer.h"

#include <cstdlib>
#include <regex>

#include "ferv/base/files.h"
#include "ferv/media/video_writer.h"
#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int kWidth = 320;
constexpr int kHeight = 180;

/// The page of the two persons of rows_of_two() beside a grey film of their length.
struct Page {
  test::TemporaryFolder folder;
  FilmRecord record{false};
  TimelineSummary summary{kThreeClasses};
  ViewerOptions options;

  Page() {
    options.title = "two </script><b>.mp4";
    options.frame_width_px = kWidth;
    options.frame_height_px = kHeight;
    options.film = folder / "two films.mp4";
    for (const TimelineRow& row : test::rows_of_two()) {
      record.add(row);
      summary.add(row);
    }
    media::VideoWriter writer(options.film, {.width_px = kWidth, .height_px = kHeight, .frame_rate_hz = 10});
    media::Image grey(kWidth, kHeight);
    std::fill(grey.pixels.begin(), grey.pixels.end(), std::uint8_t{128});
    for (std::size_t i = 0; i < record.frame_count(); ++i) writer.write(grey);
    writer.finish();
  }

  void write() { write_file_atomically(folder / "page.html", viewer_page(record, summary, options)); }
  /// The page with `script` behind its own, and without the policy that would forbid that. The page counts as
  /// loading, so that the browser waits however long the film takes to decode, until the script calls
  /// `finish`.
  void write_probe(const std::string& script) {
    std::string html = viewer_page(record, summary, options);
    html = std::regex_replace(html, std::regex("<meta http-equiv[^>]*>"), "");
    html.insert(html.rfind("</body>"), R"(<iframe id="hold" hidden></iframe><script>
      const hold = document.getElementById('hold').contentDocument;
      hold.open();
      const finish = () => hold.close();
    )" + script + "</script>");
    write_file_atomically(folder / "page.html", html);
  }
  /// What headless Chromium prints of the page once it is loaded: first its elements, then errors and log.
  [[nodiscard]] std::pair<std::string, std::string> in_browser(const std::string& more_options = "") const {
    const std::string line =
        "cd '" + folder.path().string() +
        "' && timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-extensions --no-first-run "
        "--disable-background-networking --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir=browser "
        "--enable-logging=stderr --log-level=0 --log-net-log=net.json --dump-dom " +
        more_options + " \"file://$PWD/page.html\" >out.txt 2>err.txt";
    EXPECT_EQ(std::system(line.c_str()), 0) << read_text_file(folder / "err.txt");
    return {read_text_file(folder / "out.txt"), read_text_file(folder / "err.txt")};
  }
};

TEST(ViewerPage, HoldsFilmPersonsAndLimits) {
  Page page;
  EXPECT_TRUE(is_embedded(page.options));
  const std::string html = viewer_page(page.record, page.summary, page.options);
  EXPECT_THAT(html, AllOf(HasSubstr("src=\"data:video/mp4;base64,"), HasSubstr("what a person feels"),
                          HasSubstr("person 1: 4.0 s on screen; Happy 75 %"),
                          HasSubstr("data-time=\"3.000\""), HasSubstr("two &lt;/script&gt;&lt;b&gt;.mp4")));
  EXPECT_LT(html.find("person 1: 4.0 s"), html.find("person 2: 1.5 s")) << "who is seen longest comes first";
  EXPECT_EQ(html.find("http://"), std::string::npos);
  EXPECT_EQ(html.find("https://"), std::string::npos);
}

TEST(ViewerPage, NamesALargeFilmInsteadOfHoldingIt) {
  Page page;
  page.options.embedded_limit_bytes = 10;
  EXPECT_FALSE(is_embedded(page.options));
  EXPECT_THAT(viewer_page(page.record, page.summary, page.options), HasSubstr("src=\"./two%20films.mp4\""));
}

TEST(ViewerPage, LetsNoNameOfAClassEndItsData) {
  Page page;
  TimelineSummary summary({"</script>", "<!--", "c"});
  for (const TimelineRow& row : test::rows_of_two()) summary.add(row);
  const std::string html = viewer_page(page.record, summary, page.options);
  EXPECT_THAT(html, Not(HasSubstr("[\"</script>")));
  EXPECT_THAT(html, HasSubstr("\\u003c/script>"));
}

TEST(ViewerPage, SaysWhereNobodyIsSeen) {
  Page page;
  FilmRecord record(false);
  TimelineSummary summary(kThreeClasses);
  for (int i = 0; i < 5; ++i) {
    record.add(test::row_of(i, 0.1 * i, 0, -1));
    summary.add(test::row_of(i, 0.1 * i, 0, -1));
  }
  EXPECT_THAT(viewer_page(record, summary, page.options), HasSubstr("No face was found."));
}

class ViewerInBrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v chromium >/dev/null") != 0) GTEST_SKIP() << "chromium is absent";
  }
};

TEST_F(ViewerInBrowser, ShowsFilmAndCurvesWithoutAnErrorOrARequest) {
  for (const std::uint64_t limit : {std::uint64_t{8} << 20, std::uint64_t{10}}) {
    Page page;
    page.options.embedded_limit_bytes = limit;
    page.write();
    const auto [elements, log] = page.in_browser("--virtual-time-budget=8000");
    EXPECT_THAT(log, Not(HasSubstr("CONSOLE"))) << "errors and violations of its policy would stand there";
    EXPECT_THAT(elements, AllOf(HasSubstr("person 1 Happy 80 %"), HasSubstr("role=\"alert\" hidden"),
                                HasSubstr("aria-valuetext=\"0.00 s: person 1 Happy 80 %\"")))
        << limit;
    EXPECT_THAT(read_text_file(page.folder / "net.json"), Not(HasSubstr("\"initiator\":\"null\"")));
  }
}

TEST_F(ViewerInBrowser, SeeksByClickKeyAndTable) {
  Page page;
  page.write_probe(R"(
    const said = [];
    const curves = document.querySelector('canvas[data-person="1"]');
    const film2 = document.getElementById('film');
    const note = () => said.push(document.getElementById('now').textContent);
    const whenReady = () => {
      const place = curves.getBoundingClientRect();
      curves.dispatchEvent(new MouseEvent('click', {clientX: place.left + place.width * .44, clientY: place.top + 9, bubbles: true}));
      note();
      curves.focus();
      curves.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
      said.push(document.activeElement === curves);
      note();
      document.querySelector('button[data-time="2.000"]').click();
      note();
      film2.addEventListener('seeked', () => {
        document.title = 'probe ' + said.join(' / ') + ' / ' + film2.currentTime;
        finish();
      });
    };
    if (film2.readyState > 1) whenReady(); else film2.addEventListener('loadeddata', whenReady, {once: true});
  )");
  const auto [elements, log] = page.in_browser();
  std::smatch title;
  ASSERT_TRUE(std::regex_search(elements, title, std::regex("<title>probe ([^<]*)</title>"))) << log;
  EXPECT_THAT(title[1].str(),
              testing::MatchesRegex("2\\.[12][0-9] s: person 1 uncertain, person 2 Sad 80 % / true / "
                                    "3\\.[12][0-9] s: person 1 Happy 80 % / 2\\.00 s: person 1 uncertain, "
                                    "person 2 Sad 80 % / 2"));
}

}  // namespace
}  // namespace ferv::inference
