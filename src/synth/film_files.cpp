// SPDX-License-Identifier: Apache-2.0
#include "film_files.h"

#include <cstdio>
#include <filesystem>
#include <set>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/synth/films.h"
#include "film_plan.h"
#include "layout_plan.h"

namespace ferv::synth {
namespace {

std::string film_name(std::size_t number) {
  return "film_" + numbered(number, 4);
}

FilmRecipe recipe_of(const SynthOptions& options, std::size_t number) {
  return {.people_seed = options.seed,
          .film_seed = derive_seed(options.seed, "film", {number}),
          .length_s = options.film_length_s};
}

}  // namespace

bool film_is_complete(const SynthOptions& options, std::size_t number) {
  const std::filesystem::path stem = options.folder / film_name(number);
  return std::filesystem::exists(stem.string() + ".mp4") && std::filesystem::exists(stem.string() + ".csv");
}

std::size_t write_film(const SynthOptions& options, std::size_t number) {
  const std::string stem = (options.folder / film_name(number)).string();
  FilmRenderer renderer(recipe_of(options, number));
  const auto film = options.film_opener(stem + ".mp4", renderer.format());
  AtomicFile truth(stem + ".csv");
  truth.write(film_truth_header());
  for (FilmFrame frame; renderer.render_next(frame);) {
    film->write(frame.image, frame.timestamp_s);
    truth.write(film_truth_lines(frame));
  }
  film->finish();
  truth.commit();
  return renderer.frame_count();
}

SynthSummary summarise_films(const SynthOptions& options) {
  SynthSummary summary;
  std::set<int> people;
  for (std::size_t number = 0; number < static_cast<std::size_t>(options.films); ++number) {
    const FilmPlan plan = plan_film(recipe_of(options, number));
    summary.frames += plan.frames.size();
    for (const FilmShot& shot : plan.shots) {
      for (const Actor& actor : shot.actors) people.insert(actor.identity);
    }
  }
  summary.identities = people.size();
  return summary;
}

std::string film_list(const SynthOptions& options) {
  std::string text =
      "film,frames,length_s,width_px,height_px,rotation_degrees,frame_rate_hz,variable_frame_rate,shots\n";
  for (std::size_t number = 0; number < static_cast<std::size_t>(options.films); ++number) {
    const FilmPlan plan = plan_film(recipe_of(options, number));
    const FilmFormat& format = plan.format;
    char line[160];
    std::snprintf(line, sizeof line, ".mp4,%zu,%.3f,%d,%d,%d,%.3f,%s,%zu\n", plan.frames.size(),
                  options.film_length_s, format.width_px, format.height_px, format.rotation_degrees,
                  format.frame_rate_hz, format.variable_frame_rate ? "yes" : "no",
                  plan.frames.back().shot + 1);
    text += film_name(number) + line;
  }
  return text;
}

}  // namespace ferv::synth
