variable "domain" {
  description = "The domain that the environment lives under, like tidewater.example. People open `app.` and `api.` of it."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain in lower case without a dot at its end, like tidewater.example."
  }
}

variable "create_zone" {
  description = "Make the hosted zone (its name servers then go to the registrar, see the output); false takes the one that exists."
  type        = bool
  default     = true
}
