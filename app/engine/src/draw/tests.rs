mod bounded;
mod definition;
mod fairness;
mod records;
mod replacement;
mod scene;
