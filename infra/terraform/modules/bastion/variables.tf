variable "name" {
  description = "Name of the environment."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "public_subnet_id" {
  description = "The public subnet that it stands in."
  type        = string
}

variable "authorized_key" {
  description = "The one public key that may log in, as a line of authorized_keys: ed25519, ECDSA or RSA."
  type        = string

  validation {
    condition     = can(regex("^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,3}( [^\n\"'`$\\\\]*)?$", var.authorized_key))
    error_message = "Exactly one public key on one line, like `ssh-ed25519 AAAA… ada@laptop`."
  }
}

variable "allowed_cidrs" {
  description = "Addresses that may open SSH; empty leaves Session Manager as the only way in."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 24])
    error_message = "Single addresses or /24 at most: 0.0.0.0/0 opens SSH to the world."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts its disk."
  type        = string
}

variable "instance_type" {
  description = "Size of the host."
  type        = string
  default     = "t4g.nano"
}
