# Fits score ~ 1 + (1 | application) + (1 | expert) by REML and writes what calibration.rs compares.
suppressMessages(library(lme4))
files <- commandArgs(TRUE)
data <- read.csv(files[1], colClasses = c("factor", "factor", "numeric"))
seconds <- system.time(model <- lmer(score ~ 1 + (1 | application) + (1 | expert), data, REML = TRUE))[["elapsed"]]
variances <- as.data.frame(VarCorr(model))
of <- function(group) variances$vcov[variances$grp == group]
effects <- c(
  setNames(ranef(model, condVar = FALSE)$application[[1]], rownames(ranef(model, condVar = FALSE)$application)),
  setNames(ranef(model, condVar = FALSE)$expert[[1]], rownames(ranef(model, condVar = FALSE)$expert))
)
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", status[startsWith(status, "VmHWM")]))
number <- function(x) formatC(x, digits = 17, format = "g")
write(sprintf(
  '{"fit_ms":%s,"criterion":%s,"variances":[%s],"effects":{%s},"peak_kb":%d}',
  number(seconds * 1000), number(REMLcrit(model)),
  paste(number(c(of("application"), of("expert"), of("Residual"))), collapse = ","),
  paste(sprintf('"%s":%s', names(effects), number(effects)), collapse = ","), as.integer(peak)
), files[2])
