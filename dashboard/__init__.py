"""The pages people look at: scope, measure, draw."""
