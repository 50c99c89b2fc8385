variable "name" {
  description = "Name of the environment; the secret is `<name>/api`."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the secret."
  type        = string
}

variable "replica" {
  description = "Region that receives a copy, and that region's key; null without a standby."
  type = object({
    region      = string
    kms_key_arn = string
  })
  default = null
}
