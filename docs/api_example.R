# Read the data API with R. Needs jsonlite: install.packages("jsonlite")
#
#   Rscript docs/api_example.R http://localhost:8501

library(jsonlite)

arguments <- commandArgs(trailingOnly = TRUE)
server <- if (length(arguments) > 0) arguments[1] else "http://localhost:8501"

# One answer as JSON. Something wrong is an error; the address in a browser says what, in a sentence.
answer <- function(path) fromJSON(paste0(server, path))

# Every row of a dataset, page by page. All pages are of one release, even if one appears.
all_rows <- function(dataset, query = "") {
  page <- answer(paste0("/api/v1/datasets/", dataset, "?limit=1000", query))
  pages <- list(page$rows)
  while (!is.null(page[["next"]])) {
    page <- answer(page[["next"]])
    pages <- c(pages, list(page$rows))
  }
  rbind_pages(pages)
}

release <- answer("/api/v1")$release
cat("Release", release, "\n")

# A whole dataset in one file. An empty cell is "not on record", not 0 and not "no".
stories <- read.csv(
  paste0(server, "/api/v1/datasets/stories.csv?release=", release),
  fileEncoding = "UTF-8-BOM", na.strings = ""
)
cat(nrow(stories), "stories\n")

copies <- all_rows("replications", paste0("&kind=replicated&release=", release))
print(head(sort(table(copies$story_id), decreasing = TRUE), 3))

story <- answer(paste0("/api/v1/stories/", stories$story_id[1], "?release=", release))
cat(story$story$title, "\n")
print(story$published_dna[, c("position", "name")])

# One row per series of ratings. Never mix them; "illustrative" ratings are made up.
print(story$dna[, c("provenance", "occasion_id", "raters")])
