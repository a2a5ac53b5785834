# SPDX-License-Identifier: Apache-2.0
terraform {
  required_providers {
    databricks = { source = "databricks/databricks" }
  }
}

variable "display_name" {
  default = "Shop"
}

resource "databricks_postgres_project" "shop" {
  project_id = "shop"
  spec = {
    pg_version                 = 17
    display_name               = var.display_name
    history_retention_duration = "1209600s"
    default_endpoint_settings = {
      autoscaling_limit_min_cu = 1.0
      autoscaling_limit_max_cu = 4.0
      suspend_timeout_duration = "300s"
    }
  }
}

# What comes with a project is declared by replacing it.
resource "databricks_postgres_branch" "production" {
  branch_id        = "production"
  parent           = databricks_postgres_project.shop.name
  spec             = { no_expiry = true }
  replace_existing = true
}

resource "databricks_postgres_branch" "dev" {
  branch_id = "dev"
  parent    = databricks_postgres_project.shop.name
  spec = {
    source_branch = databricks_postgres_branch.production.name
    no_expiry     = true
  }
}

resource "databricks_postgres_endpoint" "replica" {
  endpoint_id = "replica"
  parent      = databricks_postgres_branch.dev.name
  spec = {
    endpoint_type            = "ENDPOINT_TYPE_READ_ONLY"
    autoscaling_limit_min_cu = 0.5
    autoscaling_limit_max_cu = 4.0
  }
}

resource "databricks_postgres_role" "app" {
  role_id = "app"
  parent  = databricks_postgres_branch.dev.name
  spec = {
    postgres_role = "app"
    attributes    = { createdb = true }
  }
}

resource "databricks_postgres_database" "orders" {
  database_id = "orders"
  parent      = databricks_postgres_branch.dev.name
  spec = {
    postgres_database = "orders"
    role              = databricks_postgres_role.app.name
  }
}

resource "databricks_permissions" "shop" {
  database_project_name = databricks_postgres_project.shop.project_id
  access_control {
    user_name        = "ann@example.com"
    permission_level = "CAN_USE"
  }
}

output "host" {
  value = databricks_postgres_endpoint.replica.status.hosts.host
}
