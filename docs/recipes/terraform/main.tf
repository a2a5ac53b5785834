# SPDX-License-Identifier: Apache-2.0
terraform {
  required_providers {
    databricks = { source = "databricks/databricks" }
  }
}

# DATABRICKS_HOST and DATABRICKS_TOKEN from the environment.
provider "databricks" {}

resource "databricks_postgres_project" "shop" {
  project_id = "shop"
  spec       = { display_name = "Shop" }
}

resource "databricks_postgres_branch" "review" {
  parent    = databricks_postgres_project.shop.name
  branch_id = "review"
  spec      = { ttl = "86400s" }
}

output "branch" {
  value = databricks_postgres_branch.review.name
}
