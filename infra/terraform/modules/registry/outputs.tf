output "repository_urls" {
  description = "Image name → repository address to push to and deploy from."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}
