// SPDX-License-Identifier: Apache-2.0
// Says which expression each face of a film looks like, frame by frame: film_events WEIGHTS FILM
#include <iostream>

#include "ferv/inference/film_predictor.h"
#include "ferv/inference/film_stream.h"
#include "ferv/media/video_reader.h"

using namespace ferv;

int main(int, char** arguments) try {
  inference::ClipPredictor predictor(arguments[1]);
  inference::FilmStream stream(inference::window_model(predictor), {});
  const auto show = [&](const std::vector<inference::TimelineRow>& rows) {
    for (const auto& row : rows)
      std::cout << row.timestamp_s << " s: person " << row.face_id << " "
                << label_text(row, predictor.classes()) << "\n";
  };
  media::VideoReader film(arguments[2]);
  for (media::VideoFrame frame; film.read(frame);) show(stream.push(frame.image, frame.timestamp_s));
  show(stream.finish());
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
